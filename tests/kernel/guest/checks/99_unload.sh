# SPDX-License-Identifier: BSD-2-Clause
# The module goes while SAs are there: the ledger is balanced, and the kernel has nothing to say.
sa_out add 0x9901; sa_in add 0x9901
is "complaints of the device" "$(counted flue0 complaints) $(counted flue1 complaints)" "0 0"
/sbin/tc -n a qdisc add dev flue0 ingress
/sbin/tc -n a filter add dev flue0 ingress protocol ip flower skip_sw ip_proto udp action pass
is "a rule of tc's, too" "$(counted flue0/flow entries) $(counted flue0/flow hop_entries)" "1 1"
patiently rmmod flue_nic; is "the module goes with SAs and rules there" $? 0
for nic in flue0 flue1; do
    ledger=$(dmesg | sed -n "s/.*flue_nic: $nic ends: //p"); echo "# $nic: $ledger"
    is "$nic: each request is completed, nothing is left" "$(echo "$ledger" | grep -cE \
        'requests ([0-9]+), completed \1, SAs 0, entries 0, complaints none')" 1
    ledger=$(dmesg | sed -n "s/.*flue_nic: $nic's flow ends: //p"); echo "# $nic's flow: $ledger"
    is "$nic's flow: the same" "$(echo "$ledger" | grep -cE \
        'requests ([0-9]+), completed \1, rules 0, entries 0, complaints none')" 1
done
is "nothing of it is left" "$(ls /sys/class/net | grep -c flue)" 0
is "the kernel has nothing to say" "$(complaints | wc -l)" 0
complaints | head -60
