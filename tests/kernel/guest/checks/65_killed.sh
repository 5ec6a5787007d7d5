# SPDX-License-Identifier: BSD-2-Clause
# A client that is killed amid an add is gone at once; its SA goes when the device answers.
ctl flue0 hold
/sbin/ip -n a $(sa_text add 0x6501 flue0 out) & client=$!
until_is flue0 sas 1
kill -9 $client; wait $client
is "it is dead while the device stands still" "$? $(counted flue0 sas)" "137 1"
ctl flue0 go
until_is flue0 sas 0
is "nothing of it is left" "$(counted flue0 entries) $(states a)" "0 0"
flush
