set -eu
systemctl reset-failed rabbitmq-server || true
case $(systemctl is-active rabbitmq-server) in
  active) timeout 120 rabbitmqctl -q start_app ;; # the VM runs, the application was stopped
  activating) echo "it starts already" ;;
  *) systemctl start --no-block rabbitmq-server ;;
esac
