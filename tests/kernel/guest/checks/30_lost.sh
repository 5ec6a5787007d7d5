# SPDX-License-Identifier: BSD-2-Clause
# Answers that are lost, late, or given twice.
before=$(counted flue0 timeouts)
ctl flue0 "strike no_answer add_sa"
sa_out add 0x3001; is "no answer" "$?" 2
is "one command was given up" "$(($(counted flue0 timeouts) - before))" 1
is "it was taken back" "$(counted flue0 entries) $(counted flue0 sas)" "0 0"
ctl flue0 "strike late add_sa"
sa_out add 0x3002; is "a late answer" $? 2
ctl flue0 hurry
belated() { [ "$(($(counted flue0 late_answers) + $(counted flue0 stray_answers)))" -gt "$1" ]; }
until_true belated 0
is "came, and counts for nothing" "$(counted flue0 entries) $(counted flue0 sas)" "0 0"
sa_out add 0x3003; sa_in add 0x3003
strays=$(counted flue0 stray_answers)
ctl flue0 "again 1"
stray() { [ "$(counted flue0 stray_answers)" -gt "$1" ]; }
until_true stray "$strays"
is "an answer for the second time changes nothing" "$(counted flue0 entries) $(pings 2)" "1 2"
ctl flue0 "strike no_answer remove_sa"
del_out 0x3003; until_is flue0 sas 0
is "a removal without an answer is asked for again" "$(counted flue0 entries)" 0
flush
