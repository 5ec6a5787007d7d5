# SPDX-License-Identifier: BSD-2-Clause
"""Rules that are of all variables, where they meet numbers that the hardware chooses."""

import pytest
from rule_case import NUMBERS, Case

FAR_AWAY = "conditions: {far_away: {compare: place, is: above, with: 60000, doc: It takes long to find there.}}\n"

CASES = [
    Case(
        "update-not-cached",
        [
            (
                "entry.yaml",
                "{changed: [action, link], send: write_entry}",
                "{changed: [action, link, tag], send: write_entry}",
            )
        ],
        """
entry.yaml:48:32: error: "tag" is device: the host cannot change it [update-not-cached]
   48 |     - {changed: [action, link, tag], send: write_entry}
      |                                ^^^
""",
        NUMBERS,
    ),
    Case(
        "clashing-identifier",
        [
            (
                "entry.yaml",
                '    tag:   {type: u32, doc: "A number beside',
                '    table_id:   {type: u32, doc: "A number beside',
            ),
            ("entry.yaml", "returns: [place, tag]", "returns: [place, table_id]"),
            (
                "entry.yaml",
                "carries: [place, action, link, table.id]",
                "carries: [device, action, link, table.id]",
            ),
        ],
        """
entry.yaml:35:26: error: table_id in C would be both "table.id", which "write_entry" carries and variable "table_id" [clashing-identifier]
   35 |   write_entry: {carries: [device, action, link, table.id], undo: old_values, doc: Another action or table.}
      |                          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ that is at entry.yaml:25
""",
        NUMBERS,
    ),
    Case(
        "wrong-type",
        [
            (
                "target.yaml",
                "  slot: {is: u16, none: 0xFFFF, doc: A place in a table.}",
                "  slot: {is: u32, kept_as: moment, doc: A place in a table.}",
            )
        ],
        """
entry.yaml:24:19: error: a slot is no number that hardware could choose [wrong-type]
   24 |     place: {type: slot, doc: Where it lies.}
      |                   ^^^^
""",
        NUMBERS,
    ),
    Case(
        "unused-variable",
        [
            (
                "entry.yaml",
                "{carries: [device, delegated], doc: Go",
                "{carries: [place, delegated], doc: Go",
            ),
            ("entry.yaml", "read_entry:  {carries: [device]", "read_entry:  {carries: [place]"),
            ("entry.yaml", "move_entry:  {carries: [device]", "move_entry:  {carries: [place]"),
            (
                "entry.yaml",
                "    carries: [device]\n    hardware: has_not",
                "    carries: [place]\n    hardware: has_not",
            ),
        ],
        """
entry.yaml:25:5: warning: no command carries the variable "tag" [unused-variable]
   25 |     tag:   {type: u32, doc: "A number beside, that another entry in this place has not."}
      |     ^^^
""",
        NUMBERS,
    ),
    Case(
        "no-effect",
        [
            (
                "entry.yaml",
                '  device:\n    place: {type: slot, doc: Where it lies.}\n    tag:   {type: u32, doc: "A number beside, that another entry in this place has not."}\n',
                "",
            ),
            ("entry.yaml", "    returns: [place, tag]\n", ""),
            (
                "entry.yaml",
                "carries: [place, action, link, table.id]",
                "carries: [action, link, table.id]",
            ),
            (
                "entry.yaml",
                "move_entry:  {carries: [device], returns: [place], doc",
                "move_entry:  {doc",
            ),
            ("entry.yaml", "count_drops: {carries: [place], ", "count_drops: {"),
            (
                "entry.yaml",
                "{carries: [device, delegated], doc: Go",
                "{carries: [delegated], doc: Go",
            ),
            ("entry.yaml", "read_entry:  {carries: [device], ", "read_entry:  {"),
            ("entry.yaml", "{if: far_away, send: move_entry, to: placing}, ", ""),
            ("entry.yaml", FAR_AWAY, ""),
        ],
        """
entry.yaml:38:15: error: "remove_entry" carries device variables, and an entry has none [no-effect]
   38 |     carries: [device]
      |               ^^^^^^
""",
        NUMBERS,
    ),
    Case(
        "over-limit",
        [
            (
                "table.yaml",
                '    id: {type: "u8[8]", doc: What the hardware calls it.}\n',
                '    id: {type: "u8[8]", doc: What the hardware calls it.}\n    n0: {type: u8, doc: A number.}\n    n1: {type: u8, doc: A number.}\n    n2: {type: u8, doc: A number.}\n    n3: {type: u8, doc: A number.}\n    n4: {type: u8, doc: A number.}\n    n5: {type: u8, doc: A number.}\n    n6: {type: u8, doc: A number.}\n    n7: {type: u8, doc: A number.}\n    n8: {type: u8, doc: A number.}\n    n9: {type: u8, doc: A number.}\n    n10: {type: u8, doc: A number.}\n    n11: {type: u8, doc: A number.}\n    n12: {type: u8, doc: A number.}\n    n13: {type: u8, doc: A number.}\n    n14: {type: u8, doc: A number.}\n    n15: {type: u8, doc: A number.}\n    n16: {type: u8, doc: A number.}\n    n17: {type: u8, doc: A number.}\n    n18: {type: u8, doc: A number.}\n    n19: {type: u8, doc: A number.}\n    n20: {type: u8, doc: A number.}\n    n21: {type: u8, doc: A number.}\n    n22: {type: u8, doc: A number.}\n    n23: {type: u8, doc: A number.}\n    n24: {type: u8, doc: A number.}\n    n25: {type: u8, doc: A number.}\n    n26: {type: u8, doc: A number.}\n    n27: {type: u8, doc: A number.}\n    n28: {type: u8, doc: A number.}\n    n29: {type: u8, doc: A number.}\n    n30: {type: u8, doc: A number.}\n    n31: {type: u8, doc: A number.}\n',
            ),
            ("table.yaml", "returns: [id]", "returns: [device]"),
            (
                "table.yaml",
                "write_table:  {carries: [id, policy]",
                "write_table:  {carries: [device, policy]",
            ),
            ("table.yaml", "remove_table: {carries: [id]", "remove_table: {carries: [device]"),
        ],
        """
table.yaml:51:5: error: 33 device variables of table: 32 are possible [over-limit]
   51 |     n31: {type: u8, doc: A number.}
      |     ^^^ this is the first that is too many
""",
        NUMBERS,
    ),
    Case(
        "wrong-question",
        [
            (
                "entry.yaml",
                "conditions: {",
                "conditions: {high: {compare: tag, is: above, with: 5}, ",
            ),
            (
                "entry.yaml",
                "      stop: {send: count_drops, to: asking}",
                "      stop:\n        - {if: high, refuse: failure}\n        - {send: count_drops, to: asking}",
            ),
        ],
        """
entry.yaml:93:16: error: "high" cannot be asked on "stop": "tag" is asked about only where an answer has just brought it [wrong-question]
   93 |         - {if: high, refuse: failure}
      |                ^^^^
""",
        NUMBERS,
    ),
]

# What is found before there is a model.
BEFORE = [
    Case(
        "unknown-name",
        [
            (
                "entry.yaml",
                "carries: [place, action, link, table.id]",
                "carries: [place, action, link, table.size]",
            )
        ],
        """
entry.yaml:35:48: error: unknown variable, flag, link or class "table.size" [unknown-name]
   35 |   write_entry: {carries: [place, action, link, table.size], undo: old_values, doc: Another action or table.}
      |                                                ^^^^^^^^^^ did you mean "table.id"?
""",
        NUMBERS,
    ),
    Case(
        "unknown-key",
        [
            (
                "entry.yaml",
                "    place: {type: slot, doc: Where it lies.}",
                "    place: {type: slot, host: Place, doc: Where it lies.}",
            )
        ],
        """
entry.yaml:24:25: error: unknown key "host" [unknown-key]
   24 |     place: {type: slot, host: Place, doc: Where it lies.}
      |                         ^^^^ known here: doc, type, unit
""",
        NUMBERS,
    ),
]


@pytest.mark.parametrize("case", CASES + BEFORE, ids=str)
def test_rule(case):
    case.run()
