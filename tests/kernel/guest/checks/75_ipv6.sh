# SPDX-License-Identifier: BSD-2-Clause
# The same over IPv6: SAs, an SA that is wrong, ESN, a reset, rules of tc's.
. /ipv6.sh
ipv6_up
is "ping without SAs is not sent" "$(pings 1 1)" 0
sealed=$(counted flue0 sealed) opened=$(counted flue1 opened) bad=$(counted flue1 bad_tag)
sa_out add 0x7501; is "add, out" $? 0
sa_in add 0x7501; is "add, in" $? 0
is "xfrm says that it is offloaded" "$(ip -n a xfrm state | grep -c 'crypto offload parameters: dev flue0 dir out')" 1
is "pings" "$(pings 3)" 3
is "sealed and opened" "$(($(counted flue0 sealed) - sealed)) $(($(counted flue1 opened) - opened))" "3 3"
del_in 0x7501; key=$OTHER_KEY sa_in add 0x7501; is "another key at the other end" $? 0
is "pings are lost, by their tags" "$(pings 2 1) $(($(counted flue1 bad_tag) - bad))" "0 2"
flush
sa_out add 0x7502 replay-window $OUT_WINDOW replay-oseq 0xfffffffc flag esn
sa_in add 0x7502 replay-window 32 replay-seq 0xfffffffc flag esn
is "over the wrap" "$(pings 10)" 10
ctl flue0 reset; ctl flue1 reset
until_is flue0 entries 1; until_is flue1 entries 1
is "after a reset" "$(pings 2)" 2

rule6() {
    pref=$1; shift
    /sbin/tc -n a filter add dev flue0 ingress pref $pref protocol ipv6 flower skip_sw "$@" 2> /tmp/error
}
hits6() { /sbin/tc -n a -s filter show dev flue0 ingress pref "$1" | sed -n "s/.*Sent [0-9]* bytes \([0-9]*\) pkt.*/\1/p" | head -n 1; }
/sbin/tc -n a qdisc add dev flue0 ingress
rule6 10 ip_proto icmpv6 src_ip $B6 dst_ip $A6 action drop; is "a rule that drops" $? 0
/sbin/tc -n a filter add dev flue0 ingress pref 1 protocol ip flower skip_sw action drop; is "one of IPv4 before it" $? 0
is "what it drops" "$(pings 2 1) $(hits6 10) $(hits6 1)" "0 2 0"
rule6 5 src_ip $B6 action pass; rule6 4 src_ip fd00::3 action drop; is "one that lets pass" $? 0
is "what that lets pass" "$(pings 2) $(hits6 4) $(hits6 5) $(hits6 10)" "2 0 2 2"
rule6 20 ip_proto tcp action drop; is "cannot: no address" "$? $(why)" "2 of IPv6 with an address only."
rule6 20 src_ip fd00::/64 action drop; is "cannot: a net" "$? $(why)" "2 whole addresses, or any."
/sbin/tc -n a qdisc del dev flue0 ingress
flush

packet6_checks() {
    policy_out delete; policy_in delete
    policy_out add $TEMPLATE offload packet dev flue0; policy_in add $TEMPLATE offload packet dev flue1
    offload=packet sealed=$(counted flue0 sealed) opened=$(counted flue1 opened)
    is "by no SA nothing goes" "$(pings 1 1)" 0
    sa_in add 0x7503 replay-window 32; sa_out add 0x7503; is "packet offload" $? 0
    is "whole pings" "$(pings 3)" 3
    is "sealed and opened whole" "$(($(counted flue0 sealed) - sealed)) $(($(counted flue1 opened) - opened))" "3 3"
    bad=$(counted flue1 bad_tag)
    del_in 0x7503; until_is flue1 sas 0; key=$OTHER_KEY sa_in add 0x7503 replay-window 32
    is "whole pings are lost, by their tags" "$(pings 2 1) $(($(counted flue1 bad_tag) - bad))" "0 2"
    flush; offload=
}
case $(uname -r) in
6.1.*) ;;
*) packet6_checks ;;
esac
ipv6_down
is "no policy is left" "$(counted flue0 policy_entries) $(counted flue1 policy_entries)" "0 0"
