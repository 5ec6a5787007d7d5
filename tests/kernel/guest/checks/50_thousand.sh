# SPDX-License-Identifier: BSD-2-Clause
# A thousand SAs, all of them in the device; the last one carries packets.
for i in $(seq 1 1000); do sa_text add $((0x50000 + i)) flue0 out; done > /tmp/out
for i in $(seq 1 1000); do sa_text add $((0x50000 + i)) flue1 in; done > /tmp/in
ip -n a -batch /tmp/out; is "a thousand out" $? 0
ip -n b -batch /tmp/in; is "a thousand in" $? 0
is "the device has them" "$(counted flue0 entries) $(counted flue1 entries)" "1000 1000"
is "pings" "$(pings 3)" 3
flush
is "it has none of them" "$(counted flue0 entries) $(counted flue1 entries)" "0 0"
