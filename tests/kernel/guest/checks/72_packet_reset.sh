# SPDX-License-Identifier: BSD-2-Clause
# Packet offload around resets: an SA that ends while xfrm adds it; not one packet that passes as no policy allows.
listener() { /sbin/tc -n b -s filter show dev flue1 ingress | sed -n 's/.*Sent [0-9]* bytes \([0-9]*\) pkt.*/\1/p' | head -n 1; }

# The processors, as a mask, of all that may be anywhere: tasks, the kernel's own, works that are bound to none.
herd() {
    echo "$1" > /sys/devices/virtual/workqueue/cpumask
    for task in /proc/[0-9]*; do taskset -p "$1" "${task#/proc/}"; done > /dev/null 2>&1
}

# The client stands still between the device's answer and the end of its call: a task of higher rank has its processor.
# Both are of real time: what is not gets some of each second all the same, by fair_server (6.12). Nobody else is there, or
# polls of flue would wait for it, too, and the end of the SA not be told before the client goes on.
overtaken() {
    rm -f /tmp/free /tmp/runs
    begun=$(counted flue0 add_begun) ended=$(counted flue0 ended)
    ctl flue0 hold
    taskset 2 chrt -f 1 /sbin/ip -n a $(sa_text add 0x7201 flue0 out) 2> /tmp/error & adding=$!
    until_is flue0 add_begun $((begun + 1))
    taskset 2 chrt -f 50 sh -c 'true > /tmp/runs; while [ ! -e /tmp/free ]; do :; done' & hog=$!
    until_true test -e /tmp/runs
    ctl flue0 go; until_is flue0 entries 1
    ctl flue0 reset; until_is flue0 ended $((ended + 1))
    true > /tmp/free; wait $hog
    wait $adding; is "an add that a reset has overtaken fails" "$? $(why)" "2 was_reset."
    until_is flue0 sas 0
    is "of an add that a reset has overtaken nothing is left" "$(states a) $(counted flue0 entries)" "0 0"
}

# Of a: what comes to b not sealed b's device counts by a rule, before it looks at SAs.
sends_nothing_plain() {
    /sbin/tc -n b qdisc add dev flue1 ingress
    /sbin/tc -n b filter add dev flue1 ingress protocol ip flower skip_sw src_ip $A ip_proto icmp action pass
    sealed=$(counted flue0 sealed) resets=$(counted flue0 resets)
    ip netns exec a ping -q -i 0.005 -c 400 -W 1 $B > /tmp/pings & traffic=$!
    for i in 1 2 3 4 5; do
        sa_out add $((0x7210 + i)); sleep 0.1
        ctl flue0 reset; until_is flue0 sas 0
    done
    wait $traffic
    is "five resets of who sends" "$(($(counted flue0 resets) - resets))" 5
    is "not one packet was sent as it is" "$(listener)" 0
    is "and some were sealed" "$([ "$(counted flue0 sealed)" -gt "$sealed" ] && echo yes)" yes
    /sbin/tc -n b qdisc del dev flue1 ingress
}

# Of b: a sends all as it is, and b's device takes none of it.
takes_nothing_plain() {
    policy_out delete; until_is flue0 policy_entries 0
    /sbin/tc -n b qdisc add dev flue1 ingress
    /sbin/tc -n b filter add dev flue1 ingress protocol ip flower skip_hw src_ip $A ip_proto icmp action pass
    ip netns exec a ping -q -i 0.005 -c 300 -W 1 $B > /tmp/pings & traffic=$!
    blocked=$(counted flue1 blocked)
    for i in 1 2 3 4 5; do sa_in add $((0x7220 + i)); sleep 0.1; ctl flue1 reset; until_is flue1 sas 0; done
    wait $traffic
    is "of what came not sealed some was blocked" "$([ "$(counted flue1 blocked)" -gt "$blocked" ] && echo yes)" yes
    is "and none passed" "$(listener)" 0
    /sbin/tc -n b qdisc del dev flue1 ingress
}

packet_reset_checks() {
    policy_out delete; policy_in delete
    policy_out add $TEMPLATE offload packet dev flue0; policy_in add $TEMPLATE offload packet dev flue1
    offload=packet
    herd 1; overtaken; herd 3
    sends_nothing_plain
    takes_nothing_plain
    flush; offload=
    policy_in delete; until_is flue1 policy_entries 0
    policy_out add $TEMPLATE; policy_in add $TEMPLATE
}
case $(uname -r) in
6.1.*) ;;
*) packet_reset_checks ;;
esac
