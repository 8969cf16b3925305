# The guests that really run here, by the hypervisor: "runs UUID", and "asked yes" where it could be asked.
if command -v virsh >/dev/null 2>&1; then
	virsh="virsh"
elif command -v docker >/dev/null 2>&1 && docker inspect nova_libvirt >/dev/null 2>&1; then
	virsh="docker exec nova_libvirt virsh"
elif command -v podman >/dev/null 2>&1 && podman container exists nova_libvirt 2>/dev/null; then
	virsh="podman exec nova_libvirt virsh"
else
	exit 0
fi
list=$(timeout 20 $virsh list --uuid 2>/dev/null) || exit 0
printf '%s\n' "$list" | sed -n 's/^ *\([0-9a-f-]\{36\}\) *$/runs \1/p'
echo "asked yes"
