package steps

import (
	"regexp"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/syntax"
)

// changers are commands that have no use but to change something.
var changers = strings.Fields(`rm rmdir unlink mv cp install ln mkdir mkfifo mknod touch chmod chown chgrp chattr setfacl truncate shred mktemp patch
	kexec reboot shutdown poweroff halt init telinit kill killall pkill renice useradd userdel usermod groupadd groupdel groupmod passwd chpasswd
	swapon swapoff modprobe rmmod insmod update-rc.d a2ensite a2enmod ldconfig update-initramfs update-grub
	galera_new_cluster galera_recovery mysql_install_db mariadb-install-db mysql_secure_installation mariadb-secure-installation
	rabbitmq-plugins add-apt-repository easy_install wipefs parted mkswap lvcreate lvremove vgcreate pvcreate resize2fs`)

// changingWords are commands that change with some of their words, and only look with others.
var changingWords = map[string][]string{
	"systemctl": {"start", "stop", "restart", "reload", "try-restart", "reload-or-restart", "try-reload-or-restart", "enable", "disable", "reenable", "mask", "unmask",
		"kill", "isolate", "edit", "revert", "set-property", "set-default", "daemon-reload", "daemon-reexec", "reset-failed", "reboot", "poweroff", "halt", "kexec", "suspend", "link", "preset", "set-environment"},
	"service":     {"start", "stop", "restart", "reload", "force-reload"},
	"apt-get":     {"install", "remove", "purge", "upgrade", "dist-upgrade", "full-upgrade", "autoremove", "update", "clean", "autoclean", "build-dep", "source", "download", "reinstall"},
	"apt":         {"install", "remove", "purge", "upgrade", "full-upgrade", "autoremove", "update", "clean", "edit-sources", "reinstall", "download"},
	"apt-mark":    {"hold", "unhold", "auto", "manual"},
	"apt-key":     {"add", "del", "adv"},
	"dpkg":        {"-i", "--install", "-r", "--remove", "-P", "--purge", "--configure", "--unpack", "--set-selections"},
	"yum":         {"install", "remove", "erase", "update", "upgrade", "downgrade", "reinstall", "clean", "autoremove"},
	"dnf":         {"install", "remove", "erase", "update", "upgrade", "downgrade", "reinstall", "clean", "autoremove"},
	"snap":        {"install", "remove", "refresh"},
	"rpm":         {"-i", "-U", "-F", "-e", "-ivh", "-Uvh", "--install", "--upgrade", "--erase"},
	"pip":         {"install", "uninstall"},
	"pip3":        {"install", "uninstall"},
	"ip":          {"add", "del", "delete", "set", "flush", "replace", "change", "append"},
	"sysctl":      {"-w", "-p", "--system", "--write", "--load"},
	"timedatectl": {"set-time", "set-timezone", "set-ntp", "set-local-rtc"},
	"hostnamectl": {"set-hostname", "hostname"},
	"chronyc":     {"makestep", "burst", "add", "delete", "online", "offline", "settime", "reload", "reset", "shutdown", "waitsync", "local", "allow", "deny"},
	"rabbitmqctl": {"add_user", "delete_user", "change_password", "clear_password", "set_user_tags", "set_permissions", "clear_permissions", "add_vhost", "delete_vhost",
		"set_policy", "clear_policy", "set_parameter", "clear_parameter", "stop", "stop_app", "start_app", "reset", "force_reset", "force_boot", "join_cluster", "forget_cluster_node",
		"delete_queue", "purge_queue", "rotate_logs", "shutdown", "set_cluster_name", "set_vm_memory_high_watermark", "set_disk_free_limit", "close_connection", "sync_queue"},
	"pcs":       {"create", "delete", "start", "stop", "enable", "disable", "destroy", "setup", "auth", "set", "cleanup", "move", "ban", "clear", "standby", "unstandby"},
	"crontab":   {"-r", "-e", "-"},
	"nft":       {"add", "delete", "flush", "insert", "replace", "create", "-f"},
	"iptables":  {"-A", "-D", "-I", "-R", "-F", "-X", "-N", "-P", "-Z"},
	"docker":    {"run", "start", "stop", "restart", "rm", "rmi", "pull", "kill", "create", "build", "load", "tag", "prune"},
	"a2dissite": {""},
}

var (
	sedInPlace  = regexp.MustCompile(`^(-[nErsuz]*i|--in-place)`)
	perlInPlace = regexp.MustCompile(`^-[0acFlnpsw]*i`)
)

// changes tells whether a command obviously changes its host. It is a net for slips; what a
// probe may do is the author's word.
func changes(name string, args []*syntax.Word) bool {
	words := make([]string, 0, len(args))
	for i := range args {
		words = append(words, literal(args, i))
	}
	rest := words[min(1, len(words)):]
	has := func(list ...string) bool {
		return slices.ContainsFunc(rest, func(w string) bool { return w != "" && slices.Contains(list, w) })
	}
	switch name {
	case "kill":
		return !has("-0", "-l")
	case "init":
		return len(rest) > 0
	case "patch":
		return !has("--dry-run")
	case "mount", "umount":
		return slices.ContainsFunc(rest, func(w string) bool { return w == "" || !strings.HasPrefix(w, "-") }) && !has("-l")
	case "tee":
		return slices.ContainsFunc(rest, func(w string) bool {
			return !strings.HasPrefix(w, "-") && !slices.Contains([]string{"/dev/null", "/dev/stderr", "/dev/stdout"}, w)
		})
	case "sed":
		return slices.ContainsFunc(rest, sedInPlace.MatchString)
	case "perl":
		return slices.ContainsFunc(rest, perlInPlace.MatchString)
	case "dd":
		return slices.ContainsFunc(rest, func(w string) bool { return w == "" || strings.HasPrefix(w, "of=") && w != "of=/dev/null" })
	case "find":
		return has("-delete")
	case "curl":
		return slices.ContainsFunc(rest, func(w string) bool {
			return w == "-O" || w == "--remote-name" || w == "-o" || w == "--output"
		}) && !has("/dev/null", "-")
	case "wget":
		return !has("-O-", "-qO-", "--spider", "/dev/null", "-") && !slices.ContainsFunc(rest, func(w string) bool { return strings.HasSuffix(w, "O-") })
	case "crontab":
		return !has("-l")
	case "sysctl":
		return has(changingWords[name]...) || slices.ContainsFunc(rest, func(w string) bool { return strings.Contains(w, "=") })
	}
	if strings.HasPrefix(name, "mkfs") {
		return true
	}
	if list, ok := changingWords[name]; ok {
		return has(list...)
	}
	return slices.Contains(changers, name)
}
