# SPDX-License-Identifier: BSD-2-Clause
# The same SA a second time: xfrm refuses it, after the device had both.
sa_out add 0x2001; is "add" $? 0
sa_out add 0x2001; is "the same again" "$? $(why)" "2 File exists"
until_is flue0 sas 1
is "the device has the first" "$(counted flue0 entries)" 1
is "and so has xfrm" "$(states a)" 1
flush
