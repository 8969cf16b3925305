# id off: frames on stdout until the job is over: "data N", N bytes of out from off on, a line
# feed; and the line of look, which also says that this end lives.
chunk=4194304
nap=0.2
beat=20
while :; do
	size=$(stat -c %s "$d/out" 2>/dev/null) || size=0
	n=$((size - off))
	if [ "$n" -gt 0 ]; then
		[ "$n" -gt "$chunk" ] && n=$chunk
		printf 'data %d\n' "$n" || exit 1
		dd if="$d/out" bs=65536 iflag=skip_bytes,count_bytes skip="$off" count="$n" 2>/dev/null || exit 1
		printf '\n' || exit 1
		off=$((off + n))
		nap=0.2
		beat=$((beat + 1))
		if [ "$n" = "$chunk" ] && [ "$beat" -lt 20 ]; then continue; fi
	fi
	# A look costs some processes: at the first turn, when the end shows, and every few seconds.
	beat=$((beat + 4))
	if [ "$beat" -ge 24 ] || [ -e "$d/exit" ]; then
		beat=0
		look || exit 1
		if [ "$over" = 1 ] && [ "$off" -ge "$size" ]; then exit 0; fi
	fi
	[ "$n" -eq "$chunk" ] || sleep "$nap"
	case $nap in
	0.2) nap=0.4 ;;
	*) nap=0.5 ;;
	esac
done
