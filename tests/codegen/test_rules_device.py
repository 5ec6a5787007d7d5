# SPDX-License-Identifier: BSD-2-Clause
"""Rules: numbers that the hardware chooses. The bad specs are of a target that has some."""

import pytest
from rule_case import NUMBERS, Case

CASES = [
    Case(
        "number-unknown",
        [
            (
                "entry.yaml",
                "      done:   {to: lost}\n      failed: {to: nameless}",
                "      done:   {to: lost}\n      failed: {to: corrupt}",
            )
        ],
        """
entry.yaml:141:20: error: "remove_entry" carries "place", "tag" in "corrupt" on "take", where no answer has told it [number-unknown]
  141 |       take: {send: remove_entry, to: removing}
      |                    ^^^^^^^^^^^^ "corrupt" is reached by "failed" in "unrestoring" without it
""",
        NUMBERS,
    ),
    Case(
        "number-unknown",
        [("entry.yaml", "    returns: [place, tag]\n", "    returns: [place]\n")],
        """
entry.yaml:31:14: error: "read_entry" carries "tag" of entry, and no answer tells it [number-unknown]
   31 |     returns: [place]
      |              ^^^^^^^ returns: [..., tag], of "add_entry"
""",
        NUMBERS,
        shown=True,
    ),
    Case(
        "number-unknown",
        [
            (
                "entry.yaml",
                "carries: [const, cached, delegated, link, table.id]",
                "carries: [const, cached, delegated, link, table.id, tag]",
            )
        ],
        """
entry.yaml:57:18: error: "add_entry" carries "tag" in "free" on "put", where no answer has told it [number-unknown]
   57 |         - {send: add_entry, to: adding}
      |                  ^^^^^^^^^
""",
        NUMBERS,
    ),
    Case(
        "number-unknown",
        [
            (
                "entry.yaml",
                "{carries: [device, delegated], doc: Go on",
                "{carries: [device, delegated], returns: [device], doc: Go on",
            )
        ],
        """
entry.yaml:141:20: error: "remove_entry" carries "place", "tag" in "corrupt" on "take", where no answer has told it [number-unknown]
  141 |       take: {send: remove_entry, to: removing}
      |                    ^^^^^^^^^^^^ "corrupt" is reached by "failed" in "halting" without it
""",
        NUMBERS,
    ),
    Case(
        "number-unknown",
        [("target.yaml", "  hardware: [has_not, unsure]", "  hardware: [has_not]")],
        """
table.yaml:112:15: error: "write_entry" carries "id" of table, which may be "nameless", where no answer has told it [number-unknown]
  112 |       failed: {to: nameless}
      |               ^^^^^^^^^^^^^^
""",
        NUMBERS,
    ),
    Case(
        "number-unknown",
        [("table.yaml", "{carries: [size, policy], returns: [id],", "{carries: [size, policy],")],
        """
table.yaml:22:3: error: "write_table" carries "id" of table, and no answer tells it [number-unknown]
   22 |   add_table:
      |   ^^^^^^^^^ returns: [id], of "add_table"
""",
        NUMBERS,
    ),
    Case(
        "number-of-the-gone",
        [
            (
                "entry.yaml",
                "    hardware: has_not\n    returns: [delegated]",
                "    hardware: has_not\n    returns: [delegated, device]",
            )
        ],
        """
entry.yaml:44:14: error: "remove_entry" takes the entry away, and returns "place", "tag": nothing has that number then [number-of-the-gone]
   44 |     returns: [delegated, device]
      |              ^^^^^^^^^^^^^^^^^^^
""",
        NUMBERS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
