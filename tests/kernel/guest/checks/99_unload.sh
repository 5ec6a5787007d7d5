# SPDX-License-Identifier: BSD-2-Clause
# The module goes while SAs are there: the ledger is balanced, and the kernel has nothing to say.
sa_out add 0x9901; sa_in add 0x9901
is "complaints of the device" "$(counted flue0 complaints) $(counted flue1 complaints)" "0 0"
rmmod flue_nic; is "the module goes with SAs there" $? 0
for nic in flue0 flue1; do
    ledger=$(dmesg | sed -n "s/.*flue_nic: $nic ends: //p"); echo "# $nic: $ledger"
    is "$nic: each request is completed, nothing is left" "$(echo "$ledger" | grep -cE \
        'requests ([0-9]+), completed \1, SAs 0, entries 0, complaints none')" 1
done
is "nothing of it is left" "$(ls /sys/class/net | grep -c flue)" 0
is "the kernel has nothing to say" "$(dmesg | grep -cE 'WARNING|BUG:|Oops|Call Trace|leak')" 0
dmesg | grep -E -A20 'WARNING|BUG:|Oops' | head -60
