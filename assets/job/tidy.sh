# id: what an ended job leaves outside its folder.
rm -rf "$runbase/$id" || exit 1
if systemd; then systemctl reset-failed "$unit" 2>/dev/null; fi
say ok
