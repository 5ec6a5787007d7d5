# SPDX-License-Identifier: BSD-2-Clause
# Packet offload: policies in the device, which follow where SAs come and go. xfrm sees plain packets only.
packet_out() { policy_out "$1" $TEMPLATE offload packet dev flue0; }
packet_in() { policy_in "$1" $TEMPLATE offload packet dev flue1; }
# xfrm_packets SPACE: of its first SA, as `ip -s` has it; it asks for the next count
xfrm_packets() { ip -n "$1" -s xfrm state | sed -n 's/.* \([0-9]*\)(packets).*/\1/p' | head -1; }

# xfrm_stats SPACE NAME: of its first SA; it asks for the next count
xfrm_stats() { ip -n "$1" -s xfrm state | sed -n "s/.* $2 \([0-9]*\).*/\1/p" | tail -1; }

both_count() { [ "$(xfrm_packets a) $(xfrm_packets b)" = "$1 $1" ]; }
xfrm_has() { [ "$(xfrm_stats "$1" "$2")" = "$3" ]; }

packet_checks() {
    policy_out delete; policy_in delete
    packet_out add; is "policy, out" $? 0
    packet_in add; is "policy, in" $? 0
    is "the device has them" "$(counted flue0 policy_entries) $(counted flue1 policy_entries)" "1 1"
    is "by no SA nothing goes" "$(pings 1 1)" 0
    offload=packet
    sealed=$(counted flue0 sealed) opened=$(counted flue1 opened) bad=$(counted flue1 bad_tag)
    sa_in add 0x7001 replay-window 32; is "add, in" $? 0
    sa_out add 0x7001; is "add, out" $? 0
    is "pings" "$(pings 3)" 3
    is "sealed and opened" "$(($(counted flue0 sealed) - sealed)) $(($(counted flue1 opened) - opened))" "3 3"
    until_true both_count 3
    is "xfrm counts what the device has counted" "$(counted flue0 count_completed | grep -c '^0$')" 0

    ctl flue0 "twice 2"
    is "of packets that come twice" "$(pings 2) $(($(counted flue1 opened) - opened))" "2 5"
    until_true xfrm_has b replay 2
    is "the second is a replay, and xfrm hears of it" "$(counted flue1 bad_tag)" "$bad"
    del_in 0x7001; until_is flue1 sas 0
    key=$OTHER_KEY sa_in add 0x7001 replay-window 32; is "another key at the other end" "$? $(pings 2 1)" "0 0"
    until_true xfrm_has b failed 2
    is "is a tag that does not fit" "$(($(counted flue1 bad_tag) - bad))" 2
    del_in 0x7001; until_is flue1 sas 0; sa_in add 0x7001 replay-window 32

    policy_out delete; until_is flue0 policy_entries 0
    blocked=$(counted flue1 blocked)
    is "what is not sealed does not come in" "$(pings 1 1) $(($(counted flue1 blocked) - blocked))" "0 1"
    packet_out add; is "policy, out, again" $? 0
    is "pings after it" "$(pings 2)" 2
    struck=$(counted flue0 struck_no_answer)

    ctl flue0 "strike no_answer move_out"; ctl flue1 "strike refused move_in"
    sa_in add 0x7002; sa_out add 0x7002; is "a second SA" $? 0
    is "policies are moved until they are" "$(counted flue0 struck_no_answer)" "$((struck + 1))"
    del_out 0x7001; del_in 0x7001
    until_is flue0 sas 1; until_is flue1 sas 1
    is "policies go by the second" "$(pings 2)" 2
    del_out 0x7002; until_is flue0 sas 0
    blocked=$(counted flue0 blocked)
    is "and by none again" "$(pings 1 1) $(counted flue0 policy_entries)" "0 1"

    sa_out add 0x7003 limit packet-soft 2; sa_in add 0x7003
    listen a
    is "three pings" "$(pings 3)" 3
    heard 1 0; kill $monitor
    ctl flue0 reset; ctl flue1 reset
    until_is flue0 sas 0; until_is flue1 sas 0
    is "after a reset the numbers are not known: the SAs are gone" "$(states a) $(states b)" "0 0"
    is "and the policies are not" "$(counted flue0 policy_entries) $(counted flue1 policy_entries)" "1 1"
    sa_out add 0x7004; sa_in add 0x7004
    is "pings by others" "$(pings 2)" 2
    is "not from another number" "$(sa_out add 0x7005 replay-oseq 5; echo $? $(why))" \
        "2 packet offload from the first number only."
    is "not in tunnel mode" "$(ip -n a $(sa_text add 0x7006 flue0 out | sed s/transport/tunnel/) 2> /tmp/error; echo $? $(why))" \
        "2 packet offload in transport mode only."
    is "nor a policy of it" "$(policy_out update ${TEMPLATE%transport}tunnel offload packet dev flue0 2> /tmp/error; echo $? $(why))" \
        "2 one template, of ESP in transport mode."
    flush; offload=
    policy_out delete; policy_in delete
    until_is flue0 policy_entries 0; until_is flue1 policy_entries 0
    policy_out add $TEMPLATE; policy_in add $TEMPLATE
}
case $(uname -r) in
6.1.*) ;;
*) packet_checks ;;
esac
