# SPDX-License-Identifier: BSD-2-Clause
# An SA at both ends: what goes through is sealed by one device and opened by the other.
is "ping without SAs is not sent" "$(pings 1 1)" 0
sa_out add 0x1001; is "add, out" $? 0
sa_in add 0x1001; is "add, in" $? 0
is "the device has it" "$(counted flue0 entries) $(counted flue1 entries)" "1 1"
is "xfrm says that it is offloaded" "$(ip -n a xfrm state | grep -c 'crypto offload parameters: dev flue0 dir out')" 1
is "pings" "$(pings 3)" 3
is "sealed by one" "$(counted flue0 sealed)" 3
is "opened by the other" "$(counted flue1 opened)" 3
key=$OTHER_KEY sa_in update 0x1001 2> /dev/null
del_in 0x1001; key=$OTHER_KEY sa_in add 0x1001; is "another key at the other end" $? 0
is "pings are lost" "$(pings 2 1)" 0
is "by their tags" "$(counted flue1 bad_tag)" 2
del_out 0x1001; is "delete, out" $? 0
del_in 0x1001; is "delete, in" $? 0
until_is flue0 sas 0; until_is flue1 sas 0
is "the device has it no more" "$(counted flue0 entries) $(counted flue1 entries)" "0 0"
