# SPDX-License-Identifier: BSD-2-Clause
"""Rules: links between layers, and type codes."""

import pytest
from rule_case import KTLS, LINKS, RICH, Case

CASES = [
    Case(
        "layer-cycle",
        [
            (
                "meter.yaml",
                "pool: {full",
                "links_to: {object: meter, relinked_by: nothing}\npool: {full",
            ),
        ],
        """
meter.yaml:6:20: error: the links of meter lead back to it [layer-cycle]
    6 | links_to: {object: meter, relinked_by: nothing}
      |                    ^^^^^
""",
    ),
    Case(
        "wrong-layer-link",
        [
            ("target.yaml", "objects: [gate, flow]", "objects: [flow, gate]"),
        ],
        """
target.yaml:8:11: error: flow links to gate, listed after it [wrong-layer-link]
    8 | objects: [flow, gate]
      |           ^^^^ what is linked to comes first
""",
        base=RICH,
    ),
    Case(
        "link-not-met",
        [
            (
                "policy.yaml",
                "states:\n",
                "conditions:\n  cut_off: {marked: withdrawn, where: [port, out_sa, key]}\n"
                "  no_port: {marked: withdrawn, where: [key, port]}\n\nstates:\n",
            ),
            ("policy.yaml", "{if: nothing_goes_out, refuse", "{if: cut_off, refuse"),
            ("policy.yaml", "{if: nothing_comes_in, refuse", "{if: no_port, refuse"),
            (
                "target.yaml",
                '  nothing_goes_out:\n    {marked: withdrawn, where: [out_sa, port], doc: "It, what goes out by it, or the port of that was withdrawn."}\n',
                "",
            ),
            (
                "target.yaml",
                '  nothing_comes_in:\n    {marked: [withdrawn, dead], where: [in_sa], doc: "It or what comes in by it is of no use."}\n',
                "",
            ),
        ],
        """
policy.yaml:50:40: error: no way along these links leads from a policy to a link "key" [link-not-met]
   50 |   no_port: {marked: withdrawn, where: [key, port]}
      |                                        ^^^
policy.yaml:50:45: error: no way along these links leads from a policy to a link "port" [link-not-met]
   50 |   no_port: {marked: withdrawn, where: [key, port]}
      |                                             ^^^^
policy.yaml:81:47: error: this arm of "inspect" is never tried: no answers to "cut_off", "no_port" lead to it [arm-never-tried]
   81 |       inspect: [{if: cut_off, refuse: again}, {if: no_port, refuse: io_error}, {status: success}]
      |                                               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=LINKS,
    ),
    Case(
        "type-code-size",
        [
            ("meter.yaml", "all: 0x2f", "all: 0x12f"),
        ],
        """
meter.yaml:7:63: error: type code 303 does not fit "kind" (u8) [type-code-size]
    7 | type_codes: {const: 0x20, cached: 0x21, delegated: 0x22, all: 0x12f}
      |                                                               ^^^^^
""",
    ),
    Case(
        "same-type-code",
        [
            (
                "netdev.yaml",
                "type_codes: {const: 1, cached: 2, delegated: 3, all: 4}",
                "type_codes: {cached: 2, all: 4}",
            ),
            ("netdev.yaml", "  const:     {struct: KTLS_PORT, bytes: 4}\n", ""),
            ("netdev.yaml", "  delegated: {struct: KTLS_PORT_COUNT, bytes: 8}\n", ""),
            (
                "netdev.yaml",
                "  const:\n    port: {type: u32, host: Port, at: 0, doc: Its number.}\n",
                "",
            ),
            (
                "netdev.yaml",
                "  delegated:\n    failed: {type: u64, unit: records, host: Failed, at: 0, "
                "doc: Records of a bad tag.}\n",
                "",
            ),
            ("netdev.yaml", "[port, record_bytes]", "[record_bytes]"),
            (
                "netdev.yaml",
                "  read_device: {returns: [delegated], doc: Read what it counted.}\n",
                "",
            ),
            ("netdev.yaml", ", returns: [delegated], doc: Stop.", ", doc: Stop."),
            (
                "netdev.yaml",
                "        - {if: asks_delegated, send: read_device, to: reading}\n",
                "",
            ),
            (
                "netdev.yaml",
                "  reading:\n    doc: Its count is being read.\n    busy: query\n    when:\n"
                "      done:   {to: open, status: done}\n"
                "      failed: {to: open, status: from_command}\n",
                "",
            ),
        ],
        """
netdev.yaml:7:30: error: type codes 2 and 4 of netdev mean the same [same-type-code]
    7 | type_codes: {cached: 2, all: 4}
      |                              ^ its only class is cached
""",
        base=KTLS,
    ),
    Case(
        "no-type-code",
        [("meter.yaml", ", all: 0x2f", "")],
        """
meter.yaml:7:13: error: "create" needs const, cached, delegated behind a node of a meter, and no type code names that [no-type-code]
    7 | type_codes: {const: 0x20, cached: 0x21, delegated: 0x22}
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ all: a number of its own
""",
    ),
    Case(
        "no-type-code",
        [("meter.yaml", "cached: 0x21, ", "")],
        """
meter.yaml:7:13: error: "modify" needs cached behind a node of a meter, and no type code names that [no-type-code]
    7 | type_codes: {const: 0x20, delegated: 0x22, all: 0x2f}
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ cached: a number of its own
""",
    ),
    Case(
        "no-type-code",
        [("path.yaml", "cached: 10, ", "")],
        """
path.yaml:10:9: error: "update" needs cached behind a node of a path, and no type code names that [no-type-code]
   10 |   ipv6: {const: 9, delegated: 11, all: 12}
      |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ cached: a number of its own
""",
        base="chimney",
    ),
    Case(
        "type-code-size",
        [("meter.yaml", "cached: 0x21", "cached: -0x21")],
        """
meter.yaml:7:35: error: type code -33 does not fit "kind" (u8) [type-code-size]
    7 | type_codes: {const: 0x20, cached: -0x21, delegated: 0x22, all: 0x2f}
      |                                   ^^^^^
""",
    ),
    Case(
        "layer-cycle",
        [
            (
                "key.yaml",
                "pool: {full",
                "links:\n  sa: {to: sa, by: parent, relinked_by: nothing, doc: Whom it serves.}\npool: {full",
            ),
            ("key.yaml", "carries: [const, cached]", "carries: [const, cached, link]"),
        ],
        """
key.yaml:7:3: error: the links of key lead back to it [layer-cycle]
    7 |   sa: {to: sa, by: parent, relinked_by: nothing, doc: Whom it serves.}
      |   ^^ key -> sa -> key
""",
        base=LINKS,
    ),
    Case(
        "layer-cycle",
        [
            (
                "port.yaml",
                "pool: {full",
                "links:\n  user: {to: policy, by: parent, relinked_by: nothing, doc: Whom it serves.}\npool: {full",
            )
        ],
        """
port.yaml:7:3: error: the links of port lead back to it [layer-cycle]
    7 |   user: {to: policy, by: parent, relinked_by: nothing, doc: Whom it serves.}
      |   ^^^^ port -> policy -> sa -> port
""",
        base=LINKS,
    ),
    Case(
        "wrong-layer-link",
        [("target.yaml", "[port, key, sa, policy]", "[port, sa, key, policy]")],
        """
target.yaml:6:17: error: sa links to key, listed after it [wrong-layer-link]
    6 | objects: [port, sa, key, policy]
      |                 ^^ what is linked to comes first
""",
        base=LINKS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
