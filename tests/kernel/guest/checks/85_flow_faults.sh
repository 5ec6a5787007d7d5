# SPDX-License-Identifier: BSD-2-Clause
# The same where the device refuses, loses answers, is reset; and what it tells by itself.
. /flow.sh
flow_up
udp() { rule add "$1" ip_proto udp src_port "$1" action pass; }
ctl flue0/flow "strike refused add_hop"; udp 11
is "a next hop is refused" "$? $(left)" "2 0 0 0 0"
ctl flue0/flow "strike refused add_rule"; udp 11
is "a rule is refused" "$? $(left)" "2 0 0 0 0"
ctl flue0/flow "room 1"; udp 11; udp 12
is "there is room for one" "$? $(why) $(left)" "2 no_space. 1 1 1 0"
ctl flue0/flow "room 0"; udp 12
is "there is room again" "$? $(left)" "0 2 2 1 0"

# What an add without an answer has left there only a reset takes away.
before=$(counted flue0/flow timeouts) resets=$(counted flue0/flow resets)
ctl flue0/flow "strike no_answer add_rule"; udp 13; is "no answer" "$? $(why)" "2 timeout."
until_is flue0/flow entries 2
is "it is taken back" "$(($(counted flue0/flow timeouts) - before)) $(($(counted flue0/flow resets) - resets)) $(left)" "1 1 2 2 1 0"
ctl flue0/flow "strike late remove_rule"; unrule 12
is "a removal whose answer is late is asked for again" "$? $(left)" "0 1 1 1 0"
others() { echo $(($(counted flue0/flow late_answers) + $(counted flue0/flow stray_answers))); }
more_than() { [ "$(others)" -gt "$1" ]; }
before=$(others)
ctl flue0/flow hurry; until_true more_than "$before"
ctl flue0/flow "again 1"; until_true more_than "$((before + 1))"
is "late, and for the second time, it counts for nothing" "$(left)" "1 1 1 0"
ctl flue0/flow hold
taken=$(counted flue0/flow device_taken)
/sbin/tc -n a filter add dev flue0 ingress pref 14 protocol ip flower skip_sw src_ip $B action pass 2> /dev/null & adding=$!
until_is flue0/flow device_taken $((taken + 1))
kill -9 $adding; ctl flue0 reset; ctl flue0/flow go
until_is flue0/flow entries 1
tc -n a filter show dev flue0 ingress > /tmp/rules # waits for whoever holds a lock
is "an add that is killed amid a reset leaves nothing" "$(grep -c 'pref 14' /tmp/rules) $(left)" "0 1 1 1 0"

# Resets of the whole card, with SAs and 100 rules: counts go on.
for port in $(seq 100 199); do
    echo "filter add dev flue0 ingress pref $port protocol ip flower skip_sw ip_proto udp src_port $port action drop"
done > /tmp/batch
tc -n a -b /tmp/batch; is "100 rules" "$? $(left)" "0 101 101 1 0"
rule add 5 ip_proto icmp action pass
is "pings before" "$(answers 3) $(hits 5)" "3 3"
ctl flue0 reset; until_is flue0/flow entries 102; until_is flue0 entries 1
is "pings after" "$(answers 2) $(hits 5)" "2 5"

# A rule that the device will not have again is lost, until the next reset.
uevents
rule replace "5 handle 1" ip_proto icmp action drop; is "a rule is another" "$? $(answers 1)" "0 0"
for i in 1 2 3 4; do ctl flue0/flow "strike refused add_rule"; done
ctl flue0 reset; told "lost .*"
is "as many as were refused" "$(counted flue0 lost)" 4
ctl flue0/flow good; ctl flue0 reset; until_is flue0/flow entries 102
is "they are back" "$(answers 1)" 0
ctl flue0/flow "strike refused add_hop"; ctl flue0 reset; until_is flue0 lost 5
udp 15; is "no rule stands on what is lost" "$? $(why)" "2 again."
ctl flue0 reset; until_is flue0/flow entries 102
udp 15; is "when it is back, one does" $? 0
unrule 15

# Rules that no packet meets age; one is met again, and ages again.
echo 100 > /sys/module/flue_nic/parameters/flow_idle_ms
rule add 3 ip_proto icmp action pass; rule add 4 ip_proto tcp action pass
told "aged 3"; told "aged 4"
is "aged" "$(counted flue0 aged)" 2
is "met again" "$(answers 1) $(hits 3)" "1 1"
until_is flue0 aged 3
is "the other one is told of once" "$(grep -c 'aged 4' /tmp/uevents)" 1
echo 0 > /sys/module/flue_nic/parameters/flow_idle_ms
kill $uevents
flow_down
is "complaints of the device" "$(counted flue0/flow complaints) $(counted flue1/flow complaints)" "0 0"
