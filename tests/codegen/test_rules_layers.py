# SPDX-License-Identifier: BSD-2-Clause
"""Rules: links between layers, and type codes."""

import pytest
from rule_case import Case

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
            ("target.yaml", "objects: [neighbor, path, tcp]", "objects: [path, neighbor, tcp]"),
        ],
        """
neighbor.yaml:4:9: error: neighbor is above path and must link to it [wrong-layer-link]
    4 | object: neighbor
      |         ^^^^^^^^ objects: names the layers, lowest first
path.yaml:6:20: error: path is the lowest layer and cannot link to neighbor [wrong-layer-link]
    6 | links_to: {object: neighbor, relinked_by: update}
      |                    ^^^^^^^^ objects: names the layers, lowest first
tcp.yaml:6:20: error: tcp links to path, but the layer below it is neighbor [wrong-layer-link]
    6 | links_to: {object: path, relinked_by: nothing}
      |                    ^^^^ objects: names the layers, lowest first
""",
        base="chimney",
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
