# SPDX-License-Identifier: BSD-2-Clause
# Resets: amid an add, and with SAs whose traffic goes on.
ctl flue0 hold
sa_out add 0x3501 & adding=$!
until_is flue0 sas 1
ctl flue0 reset
ctl flue0 go
wait $adding; is "an add that a reset meets ends" "$?" 2
until_is flue0 sas 0
is "and leaves nothing" "$(counted flue0 entries)" 0
sa_out add 0x3502; sa_in add 0x3502
resets=$(counted flue0 resets)
ip netns exec a ping -q -i 0.02 -c 100 $B > /tmp/pings & traffic=$!
for i in 1 2 3; do sleep 0.3; ctl flue0 reset; ctl flue1 reset; done
wait $traffic
is "three resets" "$(($(counted flue0 resets) - resets))" 3
until_is flue0 entries 1; until_is flue1 entries 1
is "xfrm has its SAs" "$(states a) $(states b)" "1 1"
is "pings after them" "$(pings 3)" 3
flush
