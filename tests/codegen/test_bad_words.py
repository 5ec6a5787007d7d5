# SPDX-License-Identifier: BSD-2-Clause
"""Names that would be words of C, or of generated code, where they come to stand."""

import pytest
from rule_case import Case

CASES = [
    Case(
        "reserved-name",
        [
            ("meter.yaml", "host: Owner", "host: Group.int"),
            ("node.yaml", "host: HostData", "host: register"),
        ],
        """
meter.yaml:20:36: error: "int" cannot name a host's member: the word is reserved by C [reserved-name]
   20 |     owner:       {type: u32, host: Group.int, at: 8, doc: Whom it is for; the hardware need not know.}
      |                                    ^^^^^^^^^
node.yaml:26:25: error: "register" cannot name a host's member: the word is reserved by C [reserved-name]
   26 |     {type: void*, host: register, at: 72, role: host, doc: The host's own.}
      |                         ^^^^^^^^
""",
        base="example",
    ),
    Case(
        "reserved-name",
        [("target.yaml", "argument: preferred_backlog", "argument: index")],
        """
target.yaml:200:15: error: "index" cannot name an argument: the word is reserved by flue [reserved-name]
  200 |     argument: index            # bytes the host should have under way
      |               ^^^^^ say "index_argument"
""",
        base="chimney",
    ),
    Case(
        "clashing-name",
        [
            ("tcp.yaml", "      clear_total_rt: {sets", "      total_rt: {sets"),
            ("tcp.yaml", "effect: clear_total_rt", "effect: total_rt"),
        ],
        """
tcp.yaml:142:7: error: effect "total_rt" has the name of a variable, flag or link: both may be arguments [clashing-name]
  142 |       total_rt: {sets: total_rt, to: 0, doc: Forget the time spent retransmitting.}
      |       ^^^^^^^^
""",
        base="chimney",
    ),
    Case(
        "reserved-name",
        [
            ("meter.yaml", "read_count: {", "doorbell: {"),
            ("meter.yaml", "send: read_count", "send: doorbell"),
        ],
        """
meter.yaml:37:3: error: "doorbell" cannot name a command: the word is reserved by flue [reserved-name]
   37 |   doorbell: {returns: [delegated], doc: Read what it counted.}
      |   ^^^^^^^^ say "doorbell_command"
""",
        base="example",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_name(case):
    case.run()
