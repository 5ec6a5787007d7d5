# SPDX-License-Identifier: BSD-2-Clause
# A link that goes down takes its SAs with it, as xfrm has it; a name space that goes, too.
sa_out add 0x6001; sa_in add 0x6001
patiently ip -n a link set flue0 down
until_is flue0 sas 0
is "link down: none is left" "$(counted flue0 entries) $(states a)" "0 0"
ip -n a link set flue0 up
sa_out add 0x6002; sa_in add 0x6002; is "link up: add" $? 0
is "pings" "$(del_in 0x6001; pings 3)" 3
/sbin/tc -n b qdisc add dev flue1 ingress
/sbin/tc -n b filter add dev flue1 ingress protocol ip flower skip_sw ip_proto udp action drop
is "a rule of tc's, too" "$(counted flue1/flow entries)" 1
patiently ip netns del b
until_is flue1 sas 0
until_is flue1 rules 0
is "name space gone: none is left" "$(counted flue1 entries) $(counted flue1/flow entries)" "0 0"
until_true test -e /sys/class/net/flue1
ip netns add b; ip -n b link set lo up; ip link set flue1 netns b
ip -n b addr add $B/24 dev flue1; ip -n b link set flue1 up
ip -n b xfrm policy add src $A dst $B dir in tmpl src $A dst $B proto esp reqid 1 mode transport
sa_in add 0x6002; is "another one: add" $? 0
is "pings, again" "$(pings 3)" 3
flush
