# patterns (one a line) most: the files that they name, as records that end with NUL, because a
# name may hold anything else: what it is (f file, o something else, a nothing), size, name.
say files
n=0
IFS='
'
for f in $patterns; do
	if [ -f "$f" ]; then
		size=$(stat -L -c %s -- "$f") || size=0
		printf 'f %s %s\0' "$size" "$f"
	elif [ -e "$f" ] || [ -L "$f" ]; then
		printf 'o 0 %s\0' "$f"
	else
		printf 'a 0 %s\0' "$f"
	fi
	n=$((n + 1))
	[ "$n" -lt "$most" ] || break
done
