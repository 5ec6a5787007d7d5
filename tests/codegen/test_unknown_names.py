# SPDX-License-Identifier: BSD-2-Clause
"""Names elsewhere that nothing declares. Exact text."""

import pytest
from helpers import diagnose

TARGET, NODE, METER = "target.yaml", "node.yaml", "meter.yaml"

# Rule, edits of spec/example, all that the compiler then says.
CASES = [
    (
        "unknown-name",
        [
            (
                METER,
                "carries: [port, rate_kbps, burst_bytes]",
                "carries: [port, rate_kpbs, burst_bytes]",
            )
        ],
        """
meter.yaml:28:21: error: unknown variable, flag or class "rate_kpbs" [unknown-name]
   28 |     carries: [port, rate_kpbs, burst_bytes]
      |                     ^^^^^^^^^ did you mean "rate_kbps"?
""",
    ),
    (
        "unknown-name",
        [(METER, "{returns: [delegated], doc: Read", "{returns: [rate_kbps], doc: Read")],
        """
meter.yaml:37:26: error: unknown class, delegated or device variable "rate_kbps" [unknown-name]
   37 |   read_count: {returns: [rate_kbps], doc: Read what it counted.}
      |                          ^^^^^^^^^ it is of the class cached
""",
    ),
    (
        "unknown-name",
        [(METER, "changed: [owner]", "changed: [link]")],
        """
meter.yaml:46:18: error: unknown variable or flag "link" [unknown-name]
   46 |     - {changed: [link], send: nothing}
      |                  ^^^^ known: port, rate_kbps, burst_bytes, owner, dropped_packets
""",
    ),
    (
        "unknown-name",
        [(METER, "pool: {full: no_memory}", "pool: {full: no_memroy}")],
        """
meter.yaml:6:14: error: unknown status "no_memroy" [unknown-name]
    6 | pool: {full: no_memroy}
      |              ^^^^^^^^^ did you mean "no_memory"?
""",
    ),
    (
        "unknown-name",
        [
            (
                METER,
                "withdraw: {to: free, status: io_error}",
                "withdraw: {to: free, status: ioerror}",
            )
        ],
        """
meter.yaml:108:36: error: unknown status "ioerror" [unknown-name]
  108 |       withdraw: {to: free, status: ioerror}
      |                                    ^^^^^^^ did you mean "io_error"?
""",
    ),
    (
        "unknown-name",
        [(METER, "withdraw: {to: free, status: io_error}", "withdraw: {refuse: from_command}")],
        """
meter.yaml:108:26: error: unknown status "from_command" [unknown-name]
  108 |       withdraw: {refuse: from_command}
      |                          ^^^^^^^^^^^^ known: success, io_error, no_memory, busy_port, bad_value, no_space, timeout
""",
    ),
    (
        "unknown-name",
        [
            (
                METER,
                "busy: create\n    when:\n      done:   {to: limiting",
                "busy: creat\n    when:\n      done:   {to: limiting",
            )
        ],
        """
meter.yaml:56:11: error: unknown operation "creat" [unknown-name]
   56 |     busy: creat
      |           ^^^^^ did you mean "create"?
""",
    ),
    (
        "unknown-name",
        [(NODE, "  create: all\n", "  create: all\n  creation: all\n")],
        """
node.yaml:34:3: error: unknown operation "creation" [unknown-name]
   34 |   creation: all
      |   ^^^^^^^^ did you mean "create"?
""",
    ),
    (
        "unknown-name",
        [(TARGET, "objects: [meter]", "objects: [meter, metre]")],
        """
target.yaml:6:18: error: unknown object "metre" [unknown-name]
    6 | objects: [meter, metre]
      |                  ^^^^^ did you mean "meter"?
""",
    ),
    (
        "unknown-name",
        [(TARGET, "objects: [meter]", "objects: [metre]")],
        """
target.yaml:6:11: error: unknown object "metre" [unknown-name]
    6 | objects: [metre]
      |           ^^^^^ did you mean "meter"?
""",
    ),
    (
        "unknown-name",
        [
            (
                TARGET,
                "  asks_delegated: {asked: delegated, doc: The node asks for the count.}",
                "  asks_delegated: {asked: delegated, doc: The node asks for the count.}\n  old: {older: rate_kbps, than: limit, doc: Old.}",
            )
        ],
        """
target.yaml:66:16: error: unknown variable "rate_kbps" [unknown-name]
   66 |   old: {older: rate_kbps, than: limit, doc: Old.}
      |                ^^^^^^^^^ none is declared here: an object's own conditions name its variables
target.yaml:66:33: error: unknown parameter "limit" [unknown-name]
   66 |   old: {older: rate_kbps, than: limit, doc: Old.}
      |                                 ^^^^^ none is declared under "parameters" of target.yaml
""",
    ),
    (
        "unknown-name",
        [(METER, "port: {type: u32,", "port: {type: u23,")],
        """
meter.yaml:16:18: error: unknown type "u23" [unknown-name]
   16 |     port: {type: u23, host: Port, at: 0, doc: The port it limits.}
      |                  ^^^ did you mean "u32"?
""",
    ),
    (
        "unknown-name",
        [(NODE, "type: void*, host: Cookie", "type: cookie*, host: Cookie")],
        """
node.yaml:22:12: error: unknown struct "cookie" [unknown-name]
   22 |     {type: cookie*, host: Cookie, at: 32, role: host_handle, doc: By this the host knows the meter.}
      |            ^^^^^^^
""",
    ),
    (
        "unknown-name",
        [(METER, "unit: kbps", "unit: kbit")],
        """
meter.yaml:18:36: error: unknown unit "kbit" [unknown-name]
   18 |     rate_kbps:   {type: u32, unit: kbit, host: RateKbps, at: 0, doc: What may pass in the long run.}
      |                                    ^^^^ known: bytes, kbps, packets
""",
    ),
    (
        "unknown-name",
        [(METER, "states:\n", "raises:\n  flood: {in: limiting}\n\nstates:\n")],
        """
meter.yaml:49:3: error: unknown indication "flood" [unknown-name]
   49 |   flood: {in: limiting}
      |   ^^^^^ none is declared under "indications" of target.yaml
""",
    ),
    (
        "unknown-name",
        [
            (
                TARGET,
                "    brings: [const, cached]\n    results: {others",
                "    brings: [const, cached]\n    results: {no_spice: no_space, others",
            )
        ],
        """
target.yaml:31:15: error: unknown result "no_spice" [unknown-name]
   31 |     results: {no_spice: no_space, others: io_error}
      |               ^^^^^^^^ did you mean "no_space"?
""",
    ),
    (
        "unknown-name",
        [(METER, "port: {type: u32,", "port: {type: u32, only: ipv6,")],
        """
meter.yaml:16:29: error: unknown variant "ipv6": it has none [unknown-name]
   16 |     port: {type: u32, only: ipv6, host: Port, at: 0, doc: The port it limits.}
      |                             ^^^^
""",
    ),
    (
        "unknown-name",
        [(METER, "changed: [owner]", "brought: [port]")],
        """
meter.yaml:46:18: error: unknown cached variable "port" [unknown-name]
   46 |     - {brought: [port], send: nothing}
      |                  ^^^^ known: rate_kbps, burst_bytes, owner
""",
    ),
    (
        "unknown-name",
        [(TARGET, "reaches: new\n", "reaches: new\n    about: [metre]\n    others: bad_valeu\n")],
        """
target.yaml:29:13: error: unknown object "metre" [unknown-name]
   29 |     about: [metre]
      |             ^^^^^ did you mean "meter"?
target.yaml:30:13: error: unknown status "bad_valeu" [unknown-name]
   30 |     others: bad_valeu
      |             ^^^^^^^^^ did you mean "bad_value"?
""",
    ),
]


@pytest.mark.parametrize("rule, edits, said", CASES)
def test_is_reported(rule, edits, said):
    assert diagnose(edits, checks=False) == said.lstrip("\n")
    assert f"[{rule}]" in said
