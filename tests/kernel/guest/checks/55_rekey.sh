# SPDX-License-Identifier: BSD-2-Clause
# Twenty rekeys while pings go on: none is lost.
sa_in add 0x5500; sa_out add 0x5500
ip netns exec a ping -q -i 0.01 -c 300 $B > /tmp/pings & traffic=$!
for i in $(seq 1 20); do
    sa_in add $((0x5500 + i)); sa_out add $((0x5500 + i))
    del_out $((0x5500 + i - 1)); sleep 0.05
    del_in $((0x5500 + i - 1))
done
wait $traffic
is "none of the pings is lost" "$(sed -n 's/.* \([0-9]*\) packets received.*/\1/p' /tmp/pings)" 300
until_is flue0 entries 1; until_is flue1 entries 1
flush
