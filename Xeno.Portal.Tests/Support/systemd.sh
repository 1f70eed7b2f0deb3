#!/usr/bin/env bash
# Starts the systemd of this machine as the first process in namespaces of its own, with one unit: a node of the portal. Needs root. Ends on
# SIGTERM, and leaves nothing behind.
#   systemd.sh FOLDER UNIT PORT
# FOLDER has the published portal as "portal" and its settings as "portal.env". UNIT is deploy/systemd/xeno-portal@.service.
# Standard output has what the node writes, and a line "The node ended: RESULT" when it ends.
set -euo pipefail

# All mounts below are seen by this process and its children only.
[ "${INSIDE:-}" ] || exec env INSIDE=mounts unshare --mount "$0" "$@"

if [ "$INSIDE" = mounts ]; then
  mkdir "$1/machine"
  mount -t tmpfs tmpfs "$1/machine"
  mkdir "$1"/machine/{changes,work,root,groups}

  # A control group of its own: systemd makes further ones below it.
  mount -t cgroup2 cgroup2 "$1/machine/groups"
  group=$1/machine/groups/xeno-systemd-$$
  mkdir "$group"
  clean_up() {
    # systemd is the child of unshare, which ends when nothing of the machine is left.
    kill -KILL $(cat "/proc/$machine/task/$machine/children") 2> /dev/null || true
    wait "$machine" 2> /dev/null || true
    find "$group" -depth -type d -exec rmdir {} \;
  }
  trap 'clean_up; exit 0' TERM INT
  (
    echo "$BASHPID" > "$group/cgroup.procs"
    exec env INSIDE=machine unshare --pid --fork --kill-child --mount --ipc --uts --cgroup "$0" "$@"
  ) &
  machine=$!
  wait "$machine" || true
  clean_up
  exit 1
fi

folder=$1 unit=$2 port=$3 root=$1/machine/root

# The files of this machine; what is changed is gone afterwards.
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/machine/changes,workdir=$folder/machine/work" "$root"
echo 'xeno-portal:x:991:991::/nonexistent:/usr/sbin/nologin' >> "$root/etc/passwd"
mkdir -p "$root"/etc/xeno-portal "$root"/opt/xeno-portal "$root"/usr/share/dotnet "$root"/old "$root"/units
install --mode=600 "$folder/portal.env" "$root/etc/xeno-portal/portal.env"
mount --bind "$folder/portal" "$root/opt/xeno-portal"
mount --bind "$(dirname "$(readlink -f "$(command -v dotnet)")")" "$root/usr/share/dotnet"
ln -sf ../share/dotnet/dotnet "$root/usr/bin/dotnet"

# Nothing but the node is started: the targets that every service waits for are empty.
for target in sysinit basic shutdown network-online multi-user; do
  printf '[Unit]\nDescription=%s\nDefaultDependencies=no\n' "$target" > "$root/units/$target.target"
done
printf '[Unit]\nDescription=The node\nWants=xeno-portal@%s.service\n' "$port" > "$root/units/node.target"
cp "$unit" "$root/units/xeno-portal@.service"
mkdir "$root/units/xeno-portal@.service.d"
cat > "$root/units/xeno-portal@.service.d/test.conf" <<'UNIT'
[Service]
StandardOutput=append:/output
StandardError=inherit
Restart=no
ExecStopPost=+/bin/sh -c 'echo "The node ended: $SERVICE_RESULT $EXIT_STATUS"'
UNIT

mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/dev"
mkdir "$root"/dev/{pts,shm}
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkfifo "$root/output"

cd "$root"
pivot_root . old
cat 0<> /output & # Open for writing too, so that it does not end with the first writer.
umount --lazy /old
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=test SYSTEMD_UNIT_PATH=/units \
  /lib/systemd/systemd --system --unit=node.target --log-target=null --show-status=no
