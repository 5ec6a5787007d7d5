# SPDX-License-Identifier: BSD-2-Clause
# Extended sequence numbers across the wrap of their low half; the receiver hears of the high half.
sa_out add 0x4501 replay-window $OUT_WINDOW replay-oseq 0xfffffffc flag esn; is "add, out" $? 0
sa_in add 0x4501 replay-window 32 replay-seq 0xfffffffc flag esn; is "add, in" $? 0
advances=$(counted flue1 advance_completed) bad=$(counted flue1 bad_tag)
is "forty pings, over the wrap" "$(pings 40)" 40
is "none was refused by its tag" "$(counted flue1 bad_tag)" "$bad"
is "the device was told of the high half" "$([ "$(counted flue1 advance_completed)" -gt "$advances" ] && echo yes)" yes
flush
