# Which of the balancers $ids still have a namespace here, once the agent had time to remove them: "left ID".
n=0
while [ $n -lt 20 ]; do
  n=$((n + 1))
  left=
  for id in $ids; do
    if ip netns list 2>/dev/null | awk '{ print $1 }' | grep -qx "qlbaas-$id"; then left="$left $id"; fi
  done
  [ -n "$left" ] || break
  sleep 1
done
for id in $left; do echo "left $id"; done
true
