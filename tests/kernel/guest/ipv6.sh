# SPDX-License-Identifier: BSD-2-Clause
# What the checks of IPv6 share: addresses at both ends, who knows whom, policies; A and B are those of IPv6 meanwhile.
mac_of() { ip -n "$1" -o link show "$2" | sed 's/.*ether \([0-9a-f:]*\).*/\1/'; }

ipv6_up() {
    ip -n a addr add $A6/64 dev flue0 nodad; ip -n b addr add $B6/64 dev flue1 nodad
    # Else who asks for an address would have to be sealed, too.
    ip -n a neigh replace $B6 lladdr "$(mac_of b flue1)" dev flue0 nud permanent
    ip -n b neigh replace $A6 lladdr "$(mac_of a flue0)" dev flue1 nud permanent
    A4=$A B4=$B A=$A6 B=$B6 TEMPLATE4=$TEMPLATE
    TEMPLATE="tmpl src $A dst $B proto esp reqid 1 mode transport"
    policy_out add $TEMPLATE; policy_in add $TEMPLATE
}
ipv6_down() {
    policy_out delete; policy_in delete
    ip -n a addr del $A6/64 dev flue0; ip -n b addr del $B6/64 dev flue1
    A=$A4 B=$B4 TEMPLATE=$TEMPLATE4
}
