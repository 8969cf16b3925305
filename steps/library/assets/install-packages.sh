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

refresh() { apt-get -q -o DPkg::Lock::Timeout=120 -o APT::Update::Error-Mode=any update; }
install() {
  # shellcheck disable=SC2086  # a list of names
  apt-get -yq -o DPkg::Lock::Timeout=120 -o Dpkg::Options::=--force-confold install $packages
}

# Lists that are older than half a day may name versions that the mirror no longer has.
[ -n "$(find /var/lib/apt/lists/partial -maxdepth 0 -mmin -720)" ] || refresh || echo 'going on with the old lists'
install || { refresh; install; }
