# SPDX-License-Identifier: BSD-2-Clause
# tc's flower in the device: which packets pass, which do not, what tc counts of them.
. /flow.sh
flow_up
rule add 10 ip_proto icmp src_ip $B dst_ip $A action drop; is "a rule that drops" $? 0
is "tc says that it is in hardware" "$(tc -n a filter show dev flue0 ingress | grep -c in_hw)" 1
is "what it drops" "$(answers 2) $(hits 10)" "0 2"
rule add 5 ip_proto icmp src_ip $B action pass; is "one before it, that lets pass" $? 0
rule add 1 ip_proto udp action drop; rule add 2 dst_ip $B action drop; rule add 3 src_ip $A action drop
rule add 20 ip_proto icmp action pass
is "what that lets pass" "$(answers 2) $(hits 5) $(hits 10)" "2 2 2"
is "what fits no packet, or is behind one that does" "$(hits 1) $(hits 2) $(hits 3) $(hits 20)" "0 0 0 0"
is "two rules share a next hop" "$(left)" "6 6 1 0"
for pref in 1 2 3 5 10 20; do unrule $pref; done
is "without rules" "$(answers 2) $(left)" "2 0 0 0 0"
rule add 1 ip_proto tcp dst_port 1000 action drop; rule add 2 ip_proto tcp src_port 2000 action drop
rule add 3 ip_proto tcp dst_port 2000 action pass; rule add 4 ip_proto tcp src_port 1000 action pass
ip netns exec b nc -w 1 $A 2000 2> /dev/null # nobody is there, and says so
ip netns exec a nc -w 1 $B 1000 2> /dev/null # nor there
is "ports" "$(hits 1) $(hits 2) $(hits 3) $(hits 4)" "0 0 1 1"
for pref in 1 2 3 4; do unrule $pref; done

# Back onto the wire, in a VLAN, to another address: what comes back at b, its own tc looks at.
tc -n b qdisc add dev flue1 ingress
tc -n b filter add dev flue1 ingress pref 1 protocol 802.1Q flower skip_hw vlan_id 7 dst_mac 02:00:00:00:00:09 action drop
rule add 10 ip_proto icmp action pedit ex munge eth dst set 02:00:00:00:00:09 \
    pipe action vlan push id 7 pipe action mirred egress redirect dev flue0
is "a rule that sends back" "$?" 0
is "what it sends back" "$(answers 1) $(hits 10) $(hits 1 b flue1)" "0 1 1"
unrule 10; tc -n b filter delete dev flue1 ingress pref 1

# Of the same packets, SA and rule: b drops ESP before it is opened.
tc -n b filter add dev flue1 ingress pref 1 protocol ip flower skip_sw ip_proto 32 src_ip $A dst_ip $B action drop
is "a rule for ESP" "$?" 0
opened=$(counted flue1 opened)
is "what it drops" "$(answers 1) $(hits 1 b flue1) $(($(counted flue1 opened) - opened))" "0 1 0"
tc -n b qdisc del dev flue1 ingress
is "and then opens" "$(answers 1) $(($(counted flue1 opened) - opened))" "1 1"

# A rate, whose burst one small packet fits, and a large one never.
rule add 10 ip_proto icmp action police rate 8kbit burst 120 conform-exceed drop/pipe action pass
is "a rule with a limit" $? 0
is "small ones pass" "$(answers 1)" 1
is "large ones do not" "$(answers 2 200) $(hits 10)" "0 3"
is "the meter says so" "$(grep -c 'passed_packets 1 dropped_packets 2' $DEBUG/flue0/flow/entries)" 1
unrule 10
udp() { pref=$1; shift; rule add $pref ip_proto udp src_port $pref action police "$@" action pass; }
RATE="rate 8kbit burst 120 conform-exceed drop/pipe"
udp 10 $RATE; udp 11 $RATE; is "two limits are two, also where they are alike" "$(left)" "2 2 1 2"
tc -n a actions add action police $RATE index 77
udp 12 index 77; is "a shared one is not the device's alone" "$? $(why)" "2 Mismatch between action and filter offload flags."
shared() { tc -n a filter add dev flue0 ingress pref $1 protocol ip flower ip_proto udp src_port $1 action police index 77 action pass; }
shared 12; shared 13; is "rules of one limit share it" "$(left)" "4 4 1 3"
for pref in 10 11 12 13; do unrule $pref; done
is "without them none is left" "$(left)" "0 0 0 0"
tc -n a actions delete action police index 77

# What the device cannot do tc hears, with a reason.
cannot() { reason=$1; shift; rule add 30 "$@"; is "cannot: $reason" "$? $(why)" "2 $reason"; }
cannot "addresses, ports and the protocol only." ip_proto tcp ip_tos 4 action drop
cannot "whole addresses, or any." src_ip 10.0.0.0/8 action drop
cannot "addresses, ports and the protocol only." ip_proto tcp src_port 1-5 action drop
rule add "30 chain 1" ip_proto udp action drop
is "cannot: another chain" "$? $(why)" "2 Driver supports only offload of chain 0."
cannot "fragments are not told apart." ip_flags frag action drop
cannot "back onto this device's own wire only." ip_proto tcp action mirred egress redirect dev lo
cannot "one rate of bytes." action police rate 8kbit burst 120 peakrate 9kbit mtu 2000 conform-exceed drop/pipe action pass
cannot "other addresses of Ethernet only." action pedit ex munge eth type set 0x0800 pipe action pass
flow_down
