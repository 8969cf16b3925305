#!/bin/sh
# Runs one job to its end, whoever watches. Called as:
#
#   wrapper DIR SECRETS LEDGER USER
#
# DIR is the job's folder, SECRETS its folder of secrets, LEDGER the file that tells which
# jobs began here, USER whom the script runs as ("" is root).
#
# The order matters; each thing is on the disk before the next begins:
#   1. claim/start -> BOOT:PID:START   the token. A symbolic link is made or it is not, says who
#                                      made it, and needs no free block. Whoever revokes a job makes
#                                      the same link, so exactly one of the two wins.
#   2. a line in the ledger
#   3. running                         written over a reserve, so that a full disk cannot stop it
#   4. the script
#   5. exit                            written over the other reserve
set -u -f
umask 077
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
LC_ALL=C
export PATH LC_ALL
dir=$1 secrets=$2 ledger=$3 user=$4
id=${dir##*/}
cd / || exit 1

# Before coreutils 8.24, sync takes no names and writes everything back, which also does.
flush() { sync "$@" 2>/dev/null || sync; }

IFS= read -r boot </proc/sys/kernel/random/boot_id || exit 1
# Field 22 of stat, counted behind the last ')': the name of a process may hold anything.
IFS= read -r stat </proc/$$/stat || exit 1
set -- ${stat##*) }
shift 19
start=$1

ln -s -T "$boot:$$:$start" "$dir/claim/start" 2>/dev/null || exit 0

printf '%s\n' "$id" >>"$ledger"
printf 'pid=%s start=%s boot=%s end\n' "$$" "$start" "$boot" 1<>"$dir/running.new"
flush "$dir/claim" "$dir/running.new" "$ledger"
mv -T "$dir/running.new" "$dir/running"
flush "$dir"

# Stopped before it began: the token is taken, nothing was run.
[ -e "$dir/stop" ] && exit 0

script=$dir/script
utf8=C
for l in C.UTF-8 C.utf8; do [ -d "/usr/lib/locale/$l" ] && utf8=C.UTF-8; done
set -- env -i "PATH=$PATH" "LC_ALL=$utf8"
if [ -n "$user" ]; then
	# The job's folder is root's. A copy among the secrets is what the user may read.
	mkdir -p "$secrets" && chmod 700 "$secrets" && cp "$script" "$secrets/.script" &&
		chown -R "$user" "$secrets" && script=$secrets/.script
	home=$(getent passwd "$user" | cut -d: -f6)
	set -- runuser -u "$user" -- "$@" "HOME=${home:-/}" "USER=$user" "LOGNAME=$user"
else
	set -- "$@" HOME=/root USER=root LOGNAME=root
fi
# The #! line is followed here and not by the kernel: the disk may be mounted noexec.
IFS= read -r first <"$script"
case $first in
'#!'*) set -- "$@" ${first#'#!'} ;;
*) set -- "$@" /bin/sh ;;
esac

# What the wrapper writes is root's own; what the script makes is for the services to read.
(umask 022 && exec "$@" "$script") </dev/null >>"$dir/out" 2>&1
code=$?

# On a full disk the script's last words are lost, and with them what it complained about.
avail=$(df -P -k "$dir" 2>/dev/null | tail -n 1 | while read -r fs size used avail rest; do printf '%s' "$avail"; done)
if [ "${avail:-1}" = 0 ]; then
	rm -f "$dir/spare"
	printf '\nstackhand: %s: No space left on device; output may be missing here\n' "$dir" >>"$dir/out"
fi

flush "$dir/out"
bytes=$(stat -c %s "$dir/out")
printf 'code=%s bytes=%s end\n' "$code" "$bytes" 1<>"$dir/reserve"
flush "$dir/reserve"
mv -T "$dir/reserve" "$dir/exit"
flush "$dir"
rm -rf "$secrets"
