#!/bin/bash
# A command of a cloud that these hosts do not have. It answers the command lines that it was told, and nothing else: each
# call is logged, and one that it was not told ends with 97 and is in the log as UNTOLD, for which the test fails.
#
# What it was told is in rules/NAME, one block a command line, the first that fits:
#   > ARGUMENTS, separated by tabs; @RUN@ stands for the id of the run, the same one in all calls
#   ? KEY=VALUE  only while the file state/KEY says VALUE        < TEXT  a line of output        ! KEY=VALUE  becomes so
#   $ COMMAND    done for real, before the answer                x N     exit status
#   | COMMAND    what it prints is the answer
set -uf
dir=/var/lib/rehearsal
name=${0##*/}
exec 9>"$dir/lock"
flock 9
call=
for a in "$@"; do call+=${call:+$'\t'}$a; done
value() { cat "$dir/state/$1" 2>/dev/null; }
same() { # same RULE CALL
	local want=$1 run
	if [[ $want != *@RUN@* ]]; then [[ $want == "$2" ]]; return; fi
	local head=${want%%@RUN@*} tail=${want#*@RUN@}
	[[ $2 == "$head"*"$tail" ]] || return 1
	run=${2#"$head"}
	run=${run%"$tail"}
	[[ $run =~ ^[A-Za-z0-9._-]+$ ]] || return 1
	[ -n "$(value run)" ] || printf %s "$run" >"$dir/state/run"
	[ "$run" = "$(value run)" ]
}
fits= hit= status=0 asked=
while IFS= read -r line || [ -n "$line" ]; do
	rest=${line:2}
	case $line in
	">"*)
		[ -z "$hit" ] || break
		fits=
		if same "$rest" "$call"; then fits=1 asked=1; fi
		;;
	"?"*) [ -z "$fits" ] || [ "$(value "${rest%%=*}")" = "${rest#*=}" ] || fits= ;;
	".") if [ -n "$fits" ]; then hit=1; fi ;;
	"<"*) [ -z "$hit" ] || printf '%s\n' "${rest//@RUN@/$(value run)}" ;;
	"!"*) [ -z "$hit" ] || printf %s "${rest#*=}" >"$dir/state/${rest%%=*}" ;;
	'$'*) [ -z "$hit" ] || bash -c "$rest" 9>&- || { echo "UNTOLD $name: cannot do $rest" >>"$dir/log"; exit 97; } ;;
	"|"*) [ -z "$hit" ] || (cd "$dir/state" && bash -c "$rest" 9>&-) ;;
	"x"*) [ -z "$hit" ] || status=$rest ;;
	esac
done <"$dir/rules/$name"
if [ -z "$hit" ]; then
	echo "UNTOLD $name ${call//$'\t'/|}${asked:+ (not in this state)}" >>"$dir/log"
	echo "$name: this rehearsal was not told what to answer: $*" >&2
	exit 97
fi
echo "$name ${call//$'\t'/|} -> $status" >>"$dir/log"
exit "$status"
