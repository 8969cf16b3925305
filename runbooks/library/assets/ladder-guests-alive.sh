# The guests of this hypervisor: "runs UUID" or "off UUID" (it knows them, and they do not run), and "asked yes" where it could be
# asked. One that it does not know is in neither list: it may be another kind of hypervisor's.
if command -v virsh >/dev/null 2>&1; then
	virsh="virsh"
elif command -v docker >/dev/null 2>&1 && docker inspect nova_libvirt >/dev/null 2>&1; then
	virsh="docker exec nova_libvirt virsh"
elif command -v podman >/dev/null 2>&1 && podman container exists nova_libvirt 2>/dev/null; then
	virsh="podman exec nova_libvirt virsh"
else
	exit 0
fi
list=$(timeout 12 $virsh list --uuid 2>/dev/null) || exit 0
all=$(timeout 12 $virsh list --all --uuid 2>/dev/null) || exit 0
for g in $list; do echo "runs $g"; done
for g in $all; do
	case " $(echo $list) " in *" $g "*) ;; *) echo "off $g" ;; esac
done
echo "asked yes"
