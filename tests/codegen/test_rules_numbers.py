# SPDX-License-Identifier: BSD-2-Clause
"""Rules: numbers fit, and each means one thing."""

import pytest
from rule_case import RICH, Case

CASES = [
    Case(
        "same-value",
        [("target.yaml", "value: -16, ", "value: -12, ")],
        """
target.yaml:19:22: error: "busy_port" has the value of "no_memory": the host cannot tell them apart [same-value]
   19 |   busy_port: {value: -12,  host: EBUSY,      doc: The port has a meter already.}
      |                      ^^^ another number, or one name for both
""",
    ),
    Case(
        "same-value",
        [("target.yaml", "open: 1, closing: 2", "open: 1, closing: 1")],
        """
target.yaml:23:54: error: "closing" of phase has the value of "open" [same-value]
   23 |   phase: {is: i32, enum: {shut: 0, open: 1, closing: 1}, doc: Where a flow is in its life.}
      |                                                      ^ another number, or one name for both
""",
        base=RICH,
    ),
    Case(
        "same-value",
        [
            (
                "target.yaml",
                "  is_it_there: {call",
                "  jam: {call: rich_event, about: flow, code: 1, doc: Nothing at all.}\n  is_it_there: {call",
            )
        ],
        """
target.yaml:129:46: error: "jam" has the code of "stall", and rich_event tells both [same-value]
  129 |   jam: {call: rich_event, about: flow, code: 1, doc: Nothing at all.}
      |                                              ^ another number, or one name for both
""",
        base=RICH,
    ),
    Case(
        "same-value",
        [
            (
                "target.yaml",
                "stall: {call: rich_event, about: flow, code: 1, doc",
                "stall: {call: rich_event, about: flow, code: 1, reasons: {slow: 1, shut: 1}, doc",
            )
        ],
        """
target.yaml:128:76: error: "shut" of stall has the number of "slow" [same-value]
  128 |   stall: {call: rich_event, about: flow, code: 1, reasons: {slow: 1, shut: 1}, doc: Nothing goes through.}
      |                                                                            ^ another number, or one name for both
""",
        base=RICH,
    ),
    Case(
        "value-size",
        [("target.yaml", "open: 1, closing: 2", "open: 1, closing: 0x80000000")],
        """
target.yaml:23:54: error: "closing" (2147483648) does not fit phase (i32) [value-size]
   23 |   phase: {is: i32, enum: {shut: 0, open: 1, closing: 0x80000000}, doc: Where a flow is in its life.}
      |                                                      ^^^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "value-size",
        [("target.yaml", "none: 0xFFFFFFFF", "none: -1")],
        """
target.yaml:22:39: error: -1 does not fit timer (u32) [value-size]
   22 |   timer: {is: u32, unit: ticks, none: -1, doc: Time left; all ones if it does not run.}
      |                                       ^^
""",
        base=RICH,
    ),
    Case(
        "value-size",
        [
            (
                "target.yaml",
                "stall: {call: rich_event, about: flow, code: 1, doc",
                "stall: {call: rich_event, about: flow, code: 1, reasons: {slow: 0x100000000}, doc",
            )
        ],
        """
target.yaml:128:67: error: "slow" (4294967296) does not fit a detail of 32 bits [value-size]
  128 |   stall: {call: rich_event, about: flow, code: 1, reasons: {slow: 0x100000000}, doc: Nothing goes through.}
      |                                                                   ^^^^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "value-size",
        [("node.yaml", "at: 1,  role: host, ", "at: 1,  role: host, value: 256, ")],
        """
node.yaml:12:76: error: 256 does not fit "revision" (u8) [value-size]
   12 |   revision:   {type: u8,      host: Head.Rev,   at: 1,  role: host, value: 256,        doc: Of the structure.}
      |                                                                            ^^^
""",
        base=RICH,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
