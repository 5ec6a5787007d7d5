# SPDX-License-Identifier: BSD-2-Clause
"""Rules: links between layers, and type codes."""

import pytest
from rule_case import RICH, Case

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
meter.yaml:6:20: warning: no command carries the link: hardware never knows the meter of a meter [unused-variable]
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
flow.yaml:6:20: error: flow is the lowest layer and cannot link to gate [wrong-layer-link]
    6 | links_to: {object: gate, relinked_by: update}
      |                    ^^^^ objects: names the layers, lowest first
gate.yaml:4:9: error: gate is above flow and must link to it [wrong-layer-link]
    4 | object: gate
      |         ^^^^ objects: names the layers, lowest first
""",
        base=RICH,
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
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
