# SPDX-License-Identifier: BSD-2-Clause
# What the checks share: two name spaces, a net device of the pair in each; SAs; what was counted.
DEBUG=/sys/kernel/debug
KEY=0x0102030405060708090a0b0c0d0e0f1011121314
OTHER_KEY=0xff02030405060708090a0b0c0d0e0f1011121314
A=10.0.0.1 B=10.0.0.2
A6=fd00::1 B6=fd00::2
# Of an SA that goes out: a newer xfrm wants none, an older one wants one with ESN.
case $(uname -r) in 6.1.*) OUT_WINDOW=32 ;; *) OUT_WINDOW=0 ;; esac
checks=0 failed=0 offload=
. /waits.sh

# ip of busybox comes before PATH.
ip() { /sbin/ip "$@"; }

# is NAME IS WANTED
is() {
    checks=$((checks + 1))
    if [ "$2" = "$3" ]; then echo "ok $checks - $1"; else
        failed=$((failed + 1)); echo "not ok $checks - $1: $2, not $3"; fi
}

write() { echo "$2" > "$1"; }
ctl() { case $2 in reset) patiently write "$DEBUG/$1/ctl" "$2" ;; *) write "$DEBUG/$1/ctl" "$2" ;; esac; }

# counted DEVICE NAME: 0 where the line is not there
counted() { sed -n "s/^$2 //p" "$DEBUG/$1/stats" | grep . || echo 0; }

# until_is DEVICE NAME VALUE
has() { [ "$(counted "$1" "$2")" = "$3" ]; }
until_is() { until_true has "$@"; }

# sa_text VERB SPI DEVICE DIRECTION [MORE...]: from A to B; of packet offload if $offload is `packet`
sa_text() {
    verb=$1 spi=$2 dev=$3 dir=$4; shift 4
    echo "xfrm state $verb src $A dst $B proto esp spi $spi reqid 1 mode transport" \
        "aead rfc4106(gcm(aes)) ${key:-$KEY} 128 $* offload $offload dev $dev dir $dir"
}
sa_out() { verb=$1 spi=$2; shift 2; patiently ip -n a $(sa_text "$verb" "$spi" flue0 out "$@") 2> /tmp/error; }
sa_in() { verb=$1 spi=$2; shift 2; patiently ip -n b $(sa_text "$verb" "$spi" flue1 in "$@") 2> /tmp/error; }
del_out() { patiently ip -n a xfrm state delete src $A dst $B proto esp spi "$1"; }
del_in() { patiently ip -n b xfrm state delete src $A dst $B proto esp spi "$1"; }
states() { ip -n "$1" xfrm state count | sed 's/[^0-9]//g'; }
# What ip said: the kernel's own text comes before the error's, where it has one.
why() { sed -n 's/^RTNETLINK answers: //p; s/^Error: //p' /tmp/error; }

# policies VERB [MORE...]: of a for what goes out, of b for what comes in
policy_out() { verb=$1; shift; patiently ip -n a xfrm policy $verb src $A dst $B dir out "$@"; }
policy_in() { verb=$1; shift; patiently ip -n b xfrm policy $verb src $A dst $B dir in "$@"; }
TEMPLATE="tmpl src $A dst $B proto esp reqid 1 mode transport"

# pings COUNT [SECONDS]: how many came back, of what is waited for so long. The answers are not sealed.
pings() { ip netns exec a ping -i 0.05 -c "$1" -W "${2:-5}" $B | sed -n 's/.* \([0-9]*\) packets received.*/\1/p'; }

# listen SPACE: ip xfrm monitor, into a file
listen() {
    /sbin/ip -n "$1" xfrm monitor expire > /tmp/monitor & monitor=$!
    until_true listens "$1" 6
}
# heard COUNT HARD: waits until so many expired; HARD is 0 for the soft limit and 1 for the hard one.
heard() { until_true expired "$@"; }
expired() { [ "$(grep -c "hard $2\$" /tmp/monitor)" = "$1" ]; }

up() {
    insmod /flue_nic.ko timeout_scale=${scale:-5} # a guest on a busy machine stands still at times
    for space in a b; do ip netns add $space; ip -n $space link set lo up; done
    ip link set flue0 netns a; ip link set flue1 netns b
    ip -n a addr add $A/24 dev flue0; ip -n b addr add $B/24 dev flue1
    ip -n a link set flue0 up; ip -n b link set flue1 up
    policy_out add $TEMPLATE; policy_in add $TEMPLATE
}

# All SAs go; what is left in the device is none.
flush() {
    for space in a b; do patiently ip -n $space xfrm state flush; done
    until_is flue0 sas 0; until_is flue1 sas 0
}

# What the kernel complains of. Whose a race is that KCSAN sees, debug.py finds out.
complaints() { dmesg | grep -v 'BUG: KCSAN' | grep -E 'WARNING|BUG:|Oops|Call Trace|leaked|suspected memory leak'; }
