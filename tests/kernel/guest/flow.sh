# SPDX-License-Identifier: BSD-2-Clause
# What the checks of tc's rules share: they are a's, for what comes from b, whose answers go unsealed.

# tc of busybox comes before PATH, too.
tc() { /sbin/tc "$@"; }

flow_up() {
    sa_out add 0x8001; sa_in add 0x8001
    tc -n a qdisc add dev flue0 ingress
}
# With all rules.
flow_down() {
    tc -n a qdisc del dev flue0 ingress
    is "no rule is left" "$(left)" "0 0 0 0"
    flush
}

# rule VERB "PREF [handle HANDLE]" [MATCH... action ACTION...]: in the device, and nowhere else
rule() {
    verb=$1 pref=$2; shift 2
    tc -n a filter "$verb" dev flue0 ingress pref $pref protocol ip flower skip_sw "$@" 2> /tmp/error
}
unrule() { tc -n a filter delete dev flue0 ingress pref "$1" 2> /tmp/error; }

# hits PREF [SPACE DEVICE]: packets that tc says were met
hits() {
    tc -n "${2:-a}" -s filter show dev "${3:-flue0}" ingress pref "$1" |
        sed -n "s/.*Sent [0-9]* bytes \([0-9]*\) pkt.*/\1/p" | head -n 1
}
# What flue0 has: rules of the driver, of the device, next hops, meters.
left() {
    echo "$(counted flue0 rules) $(counted flue0/flow entries) $(counted flue0/flow hop_entries)" \
        "$(counted flue0/flow meter_entries)"
}
# answers COUNT [BYTES]: pings that came back, with less patience where none is to come
answers() {
    ip netns exec a ping -i 0.05 -c "$1" -s "${2:-56}" -W 1 $B |
        sed -n 's/.* \([0-9]*\) packets received.*/\1/p'
}

# uevents: what the device tells of a's rules, into a file; told TEXT: waits for that
uevents() {
    true > /tmp/uevents
    /sbin/ip netns exec a uevent sh -c '[ -z "$FLOW" ] || echo "$FLOW $PREF" >> /tmp/uevents' & uevents=$!
    until_true listens a 15
}
told() { until_true grep -q "^$1\$" /tmp/uevents; }
