# SPDX-License-Identifier: BSD-2-Clause
# What the device refuses is what ip says, and nothing of it stays.
ctl flue0 "strike refused add_sa"
sa_out add 0x2501; is "refused" $? 2
is "nothing of it is there" "$(counted flue0 entries) $(counted flue0 sas) $(states a)" "0 0 0"
ctl flue0 "room 1"
sa_out add 0x2502; is "there is room for one" $? 0
sa_out add 0x2503; is "and for no other" "$?" 2
ctl flue0 "room 0"
sa_out add 0x2503; is "there is room again" $? 0
is "the device has both" "$(counted flue0 entries)" 2
flush
