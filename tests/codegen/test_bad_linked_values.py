# SPDX-License-Identifier: BSD-2-Clause
"""Names in questions about the objects that links lead to."""

import pytest
from rule_case import LINKS, Case

CASES = [
    Case(
        "unknown-name",
        [
            (
                "policy.yaml",
                "{compare: in_sa.direction, is: equal, with: out,",
                "{compare: in_sa.way, is: equal, with: out,",
            )
        ],
        """
policy.yaml:52:24: error: unknown variable "way" of what "in_sa" leads to [unknown-name]
   52 |   seals_in:  {compare: in_sa.way, is: equal, with: out, doc: What comes in would be sealed.}
      |                        ^^^^^^^^^ known: port_handle, soft_packets, hard_packets, soft_bytes, hard_bytes, source, destination, spi, replay_window, family, direction, offload and 11 more
""",
        base="ipsec",
    ),
    Case(
        "unknown-name",
        [
            (
                "policy.yaml",
                "{compare: in_sa.direction, is: equal, with: out,",
                "{compare: sa.direction, is: equal, with: out,",
            )
        ],
        """
policy.yaml:52:24: error: unknown copy or link "sa" [unknown-name]
   52 |   seals_in:  {compare: sa.direction, is: equal, with: out, doc: What comes in would be sealed.}
      |                        ^^^^^^^^^^^^ known: own, port, in_sa, out_sa
""",
        base="ipsec",
    ),
    Case(
        "unknown-name",
        [
            (
                "policy.yaml",
                "{compare: in_sa.direction, is: equal, with: out,",
                "{compare: in_sa.direction, is: equal, with: inside,",
            )
        ],
        """
policy.yaml:52:58: error: unknown value, parameter or variable "inside" [unknown-name]
   52 |   seals_in:  {compare: in_sa.direction, is: equal, with: inside, doc: What comes in would be sealed.}
      |                                                          ^^^^^^ known: in, out, port_handle, source, destination, priority, source_port, destination_port, source_bits, destination_bits, family, protocol and 3 more
""",
        base="ipsec",
    ),
    Case(
        "reserved-name",
        [("sa.yaml", "  key:  {to: key,", "  own:  {to: key,")],
        """
sa.yaml:8:3: error: "own" cannot name a link: the word is reserved by flue [reserved-name]
    8 |   own:  {to: key, by: key_handle, doc: What they are encrypted by.}
      |   ^^^ say "own_link"
""",
        base=LINKS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_is_reported(case):
    case.run()
