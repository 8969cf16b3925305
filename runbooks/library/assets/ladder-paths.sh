# Whether this host reaches its peers, and knows them by name. $peers: NAME=ADDRESS,ADDRESS,... each,
# as the peers say themselves. Every address on a network of ours must answer; where there is
# none, one address must be reached through a router. Nothing has to listen: a refusal is an
# answer, and on our own network so is one to ARP.
here=$(cat /proc/sys/kernel/hostname)
mine=" $(ip -o addr show scope global 2>/dev/null | while read -r n dev family addr rest; do printf '%s ' "${addr%/*}"; done)"
for p in $peers; do
	name=${p%%=*}
	near= far= reached=
	for a in $(echo "${p#*=}" | tr ',' ' '); do
		route=$(ip -o route get "$a" 2>/dev/null | head -n 1)
		case $mine in *" $a "*) continue ;; esac
		case $route in
		'local '*) ;;
		'' | *' via '*) far="$far $a" ;;
		*)
			near=yes dev=${route#* dev }
			timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/22"' "$a" 2>/dev/null
			case $(ip neigh show "$a" 2>/dev/null) in *lladdr*) ;; *) echo "far $name: $a is silent on ${dev%% *}" ;; esac
			;;
		esac
	done
	if [ -z "$near" ] && [ -n "$far" ]; then
		for a in $far; do
			case $(timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/22" && echo open' "$a" 2>&1) in *open | *refused*) reached=yes && break ;; esac
		done
		[ -n "$reached" ] || echo "far $name: no answer through a router from$far"
	fi
	known=$(getent ahosts "$name" 2>/dev/null | cut -d' ' -f1 | sort -u | tr '\n' ' ')
	right=
	for k in $known; do
		case $k,$name in 127.*",$here" | ::1",$here" | fe80:*",$here") right=yes ;; esac
		case ,${p#*=}, in *",$k,"*) right=yes ;; esac
	done
	if [ -z "$known" ]; then
		echo "nameless $name"
	elif [ -z "$right" ]; then
		echo "misnamed $name: ${known% }"
	fi
done
exit 0
