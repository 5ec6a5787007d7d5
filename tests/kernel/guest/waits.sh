# SPDX-License-Identifier: BSD-2-Clause
# What hangs is a check that failed, and the others are still made.
patience=180 # seconds

# until_true COMMAND...: waits for it; at the limit that is a check that failed, and later limits are short.
until_true() {
    read -r now _ < /proc/uptime; limit=$((${now%.*} + patience))
    until "$@"; do
        read -r now _ < /proc/uptime
        if [ "${now%.*}" -gt $limit ]; then patience=5; is "waits for $*" "in vain" ""; return 1; fi
        sleep 0.02
    done
}

ended() { ! read -r _ _ state _ < "/proc/$1/stat" || [ "$state" = Z ]; }

# patiently COMMAND...: its status, or 137 if it does not end
patiently() {
    "$@" & child=$!
    if until_true ended $child 2> /dev/null; then wait $child; else kill -9 $child; return 137; fi
}

# listens SPACE PROTOCOL: whether somebody there listens to a group of netlink's
listens() {
    ip netns exec "$1" awk -v "protocol=$2" \
        '$2 == protocol && $4 !~ /^0*$/ { found = 1 } END { exit !found }' /proc/net/netlink
}
