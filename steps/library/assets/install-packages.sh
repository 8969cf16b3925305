# Installs $packages (names, with a space between). Asks nothing, keeps the operator's
# configuration files, waits for another package manager, and may be run again after a power cut.
set -eu
umask 022 # what the packages' own scripts make is for everybody to read
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l

# What a power cut in the middle of an earlier install left half done is finished first;
# apt refuses to work before. Another package manager at work is waited for.
unfinished() { [ -n "$(dpkg --audit)" ] || [ -n "$(ls -A /var/lib/dpkg/updates)" ]; }
tries=0
while unfinished; do
  said=$(dpkg --force-confold --configure -a 2>&1) && { printf '%s\n' "$said"; break; }
  printf '%s\n' "$said"
  case $said in *lock*) ;; *) break ;; esac
  tries=$((tries + 1))
  [ "$tries" -lt 12 ] || break
  sleep 10
done

get() { apt-get -yq -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold "$@"; }
refresh() {
  # lists that a power cut emptied would count as fresh
  find /var/lib/apt/lists -maxdepth 1 -type f -size 0 ! -name lock -exec rm -f {} +
  apt-get -q -o DPkg::Lock::Timeout=120 -o APT::Update::Error-Mode=any update
}

# A network or mirror that is away for a moment is waited for: six tries, ten seconds apart.
patiently() {
  n=1
  until "$@"; do
    [ "$n" -lt 6 ] || return 1
    n=$((n + 1))
    echo "try $n of 6 in ten seconds"
    sleep 10
  done
}

# Lists that are older than half a day may name versions that the mirror no longer has.
[ -n "$(find /var/lib/apt/lists/partial -maxdepth 0 -mmin -720)" ] || refresh || echo 'going on with the old lists'
# shellcheck disable=SC2086  # a list of names
get --download-only install $packages || { patiently refresh && patiently get --download-only install $packages; }
# shellcheck disable=SC2086
get install $packages

# Configuration files of $packages and of what they depend on that a power cut emptied: see
# packages-installed.sh. Nothing is in them, so they may go; the package brings them again.
emptied() {
  all=$(apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts --no-breaks \
    --no-replaces --no-enhances $packages 2>/dev/null | grep '^[a-z0-9]' | sort -u | tr '\n' ' ')
  {
    # shellcheck disable=SC2086  # a list of names
    [ -z "$all" ] || dpkg-query -W -f='${Package}\n${Conffiles}\n' $all 2>/dev/null |
      awk '/^[^ ]/ { p = $1 } /^ / && NF == 2 && $2 != "d41d8cd98f00b204e9800998ecf8427e" { print p, $1 }'
    [ ! -e /var/lib/ucf/registry ] || awk -v all=" $all" 'index(all, " " $1 " ") { print $1, $2 }' /var/lib/ucf/registry
  } | while read -r p f; do
    if [ -f "$f" ] && [ ! -s "$f" ] && [ $(($(stat -c %Z "$f") - $(stat -c %Y "$f"))) -gt 60 ]; then echo "$p $f"; fi
  done
}
empty=$(emptied)
if [ -n "$empty" ]; then
  echo "emptied by a power cut, so these packages are installed again:"
  printf '%s\n' "$empty"
  again=$(printf '%s\n' "$empty" | cut -d' ' -f1 | sort -u)
  refresh
  for p in $again; do
    apt-get -s --reinstall install "$p" | grep -q "^Inst $p " || { echo "this version of $p cannot be had any more"; exit 1; }
  done
  # shellcheck disable=SC2086
  get --reinstall --download-only install $again
  printf '%s\n' "$empty" | cut -d' ' -f2 | while read -r f; do [ -s "$f" ] || rm -f "$f"; done
  # shellcheck disable=SC2086
  UCF_FORCE_CONFFMISS=1 get --reinstall -o Dpkg::Options::=--force-confmiss install $again
fi

# what is called installed stays so when the power goes in the next second
sync
