# SPDX-License-Identifier: BSD-2-Clause
# The README's example, where it was built: loaded, it has a meter; without it, nothing is left.
if [ -e /first.ko ]; then
    insmod /first.ko; is "the first module is loaded" $? 0
    rmmod first; is "and goes" $? 0
    is "it had its meter" "$(dmesg | sed -n 's/.*first: \([a-z: ]*\).*/\1/p' | tr '\n' ' ')" "create: success withdraw: success "
fi
