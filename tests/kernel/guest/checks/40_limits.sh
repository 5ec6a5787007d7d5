# SPDX-License-Identifier: BSD-2-Clause
# Limits are the device's events; ip xfrm monitor hears them.
sa_in add 0x4001
sa_out add 0x4001 limit packet-soft 2
listen a
is "three pings" "$(pings 3)" 3
heard 1 0
is "the soft limit is the device's event" "$(counted flue0 soft_limits)" 1
kill $monitor; flush
sa_in add 0x4002
sa_out add 0x4002 limit packet-hard 3
listen a
is "of five pings three go" "$(pings 5)" 3
heard 1 1
is "the hard limit is the device's event" "$(counted flue0 hard_limits)" 1
kill $monitor
until_is flue0 sas 0
is "the SA is gone" "$(states a) $(counted flue0 entries)" "0 0"
flush
