# SPDX-License-Identifier: BSD-2-Clause
"""Conditions that are made of others: of what is no condition, of themselves, of one alone; sides of comparisons."""

import pytest
from rule_case import PAIRS, QUEUE, RICH, VERBS, Case

SAYS_HOW = "{flags: attr_mask, has_any: [new_access, new_retry]}"
TOO_FAST = "{compare: rate, is: above, with: most_kbps"
LINK_USABLE = "doc: Its gate can be used., not: link_unusable}"
STOPPED = "stopped:  {all_of: [is_invalid, link_usable], doc"

CASES = [
    Case(
        "wrong-type",
        [
            (
                "flow.yaml",
                "conditions:\n",
                "conditions:\n  unseen: {older: gate.seen, than: patience}\n",
            ),
        ],
        """
flow.yaml:77:19: error: "gate.seen" is not the object's own time: how long ago that was only its owner asks [wrong-type]
   77 |   unseen: {older: gate.seen, than: patience}
      |                   ^^^^^^^^^ let its owner ask and set a mark, which is looked for along links
""",
        base=RICH,
    ),
    Case(
        "wrong-type",
        [
            (
                "gate.yaml",
                "{older: [confirmed, seen], than: patience,",
                "{older: [confirmed, own.seen], than: patience,",
            ),
        ],
        """
gate.yaml:42:30: error: "own.seen": what is asked here is the object's own in any case [wrong-type]
   42 |   stale: {older: [confirmed, own.seen], than: patience, doc: Nobody saw it for long.}
      |                              ^^^^^^^^ write seen
""",
        base=RICH,
    ),
    Case(
        "condition-of-itself",
        [
            ("target.yaml", LINK_USABLE, "doc: Its gate can be used., not: link_usable}"),
        ],
        """
target.yaml:98:56: error: "link_usable" is made of itself [condition-of-itself]
   98 |   link_usable:       {doc: Its gate can be used., not: link_usable}
      |                                                        ^^^^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "condition-of-itself",
        [
            (
                "flow.yaml",
                STOPPED,
                "seldom: {not: often}\n  often:  {all_of: [is_invalid, stopped]}\n  stopped: {any_of: [is_invalid, seldom], doc",
            ),
        ],
        """
flow.yaml:78:17: error: "seldom" is made of itself, by way of "often", "stopped" [condition-of-itself]
   78 |   seldom: {not: often}
      |                 ^^^^^
""",
        base=RICH,
    ),
    Case(
        "unknown-name",
        [
            ("flow.yaml", STOPPED, "stopped: {any_of: [is_invalid, link_useable], doc"),
        ],
        """
flow.yaml:78:34: error: unknown condition "link_useable" [unknown-name]
   78 |   stopped: {any_of: [is_invalid, link_useable], doc: "It was stopped, and its gate was not."}
      |                                  ^^^^^^^^^^^^ did you mean "link_usable"?
""",
        base=RICH,
    ),
    Case(
        "unknown-name",
        [
            ("target.yaml", LINK_USABLE, "not: stopped}"),
        ],
        """
target.yaml:98:28: error: unknown condition "stopped" [unknown-name]
   98 |   link_usable:       {not: stopped}
      |                            ^^^^^^^ known: has_dependents, is_invalid, link_unusable, new_link_unusable, asks_delegated, link_usable
""",
        base=RICH,
    ),
    Case(
        "wrong-type",
        [
            ("flow.yaml", STOPPED, "stopped: {all_of: [is_invalid], doc"),
        ],
        """
flow.yaml:78:21: error: "all_of" must have 2 items at least [wrong-type]
   78 |   stopped: {all_of: [is_invalid], doc: "It was stopped, and its gate was not."}
      |                     ^^^^^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "unknown-name",
        [
            ("line.yaml", TOO_FAST, "{compare: rates, is: above, with: most_kbps"),
        ],
        """
line.yaml:47:25: error: unknown variable "rates" [unknown-name]
   47 |   too_fast:   {compare: rates, is: above, with: most_kbps, doc: The driver lets none be as fast.}
      |                         ^^^^^ did you mean "rate"?
""",
        base=QUEUE,
    ),
    Case(
        "unknown-name",
        [
            ("line.yaml", TOO_FAST, "{compare: rate, is: above, with: most_kbp"),
        ],
        """
line.yaml:47:48: error: unknown value, parameter or variable "most_kbp" [unknown-name]
   47 |   too_fast:   {compare: rate, is: above, with: most_kbp, doc: The driver lets none be as fast.}
      |                                                ^^^^^^^^ did you mean "most_kbps"?
""",
        base=QUEUE,
    ),
    Case(
        "unknown-name",
        [
            ("line.yaml", TOO_FAST, "{compare: rate, is: above, with: old.rate"),
        ],
        """
line.yaml:47:48: error: unknown copy "old" of variables [unknown-name]
   47 |   too_fast:   {compare: rate, is: above, with: old.rate, doc: The driver lets none be as fast.}
      |                                                ^^^^^^^^ known: own
""",
        base=QUEUE,
    ),
    Case(
        "clashing-name",
        [
            ("target.yaml", "most_kbps: {", "rate: {"),
            ("line.yaml", TOO_FAST, "{compare: rate, is: above, with: rate"),
        ],
        """
line.yaml:47:48: error: "rate" is a parameter and a variable: nobody can tell which is meant [clashing-name]
   47 |   too_fast:   {compare: rate, is: above, with: rate, doc: The driver lets none be as fast.}
      |                                                ^^^^
""",
        base=QUEUE,
    ),
    Case(
        "wrong-type",
        [
            ("line.yaml", TOO_FAST, "{compare: rate, is: more, with: most_kbps"),
        ],
        """
line.yaml:47:35: error: "is" must be equal, not_equal, below, at_most, at_least or above, not "more" [wrong-type]
   47 |   too_fast:   {compare: rate, is: more, with: most_kbps, doc: The driver lets none be as fast.}
      |                                   ^^^^
""",
        base=QUEUE,
    ),
    Case(
        "wrong-type",
        [
            ("line.yaml", TOO_FAST, "{compare: rate, is: above, with: [1, 2]"),
        ],
        """
line.yaml:47:48: error: "with" must be a whole number, a value, a parameter or a variable, not a list [wrong-type]
   47 |   too_fast:   {compare: rate, is: above, with: [1, 2], doc: The driver lets none be as fast.}
      |                                                ^^^^^^
""",
        base=QUEUE,
    ),
    Case(
        "missing-key",
        [
            ("line.yaml", TOO_FAST, "{compare: rate, is: above"),
        ],
        """
line.yaml:47:3: error: "too_fast" lacks the key "with" [missing-key]
   47 |   too_fast:   {compare: rate, is: above, doc: The driver lets none be as fast.}
      |   ^^^^^^^^ with: With `compare`: a number, a name of the `enum` of the variable's type, a parameter, or another variable
""",
        base=QUEUE,
    ),
    Case(
        "missing-key",
        [("qp.yaml", SAYS_HOW, "{flags: attr_mask}")],
        """
qp.yaml:54:3: error: "says_how" asks for no flags: say has_all, has_any, has_none or has_only [missing-key]
   54 |   says_how:   {flags: attr_mask}
      |   ^^^^^^^^
""",
        base=VERBS,
    ),
    Case(
        "unknown-name",
        [("qp.yaml", SAYS_HOW, "{flags: attr_mask, has_any: [new_access, new_retries]}")],
        """
qp.yaml:54:56: error: unknown flag "new_retries" of "attr_mask" [unknown-name]
   54 |   says_how:   {flags: attr_mask, has_any: [new_access, new_retries]}
      |                                                        ^^^^^^^^^^^ did you mean "new_retry"?
""",
        base=VERBS,
    ),
    Case(
        "unknown-name",
        [
            (
                "qp.yaml",
                "{new_port: 1, new_access: 2, new_path: 4, new_retry: 8}",
                "{new_port: 1, new_access: 2, new_path: 4}\n      pulses: {new_retry: 8}",
            ),
        ],
        """
qp.yaml:55:56: error: unknown flag "new_retry" of "attr_mask" [unknown-name]
   55 |   says_how:   {flags: attr_mask, has_any: [new_access, new_retry]}
      |                                                        ^^^^^^^^^ did you mean "new_port"?
""",
        base=VERBS,
    ),
    Case(
        "unknown-name",
        [
            ("target.yaml", "refused: {result: refused", "refused: {result: refuse"),
        ],
        """
target.yaml:69:21: error: unknown result "refuse" [unknown-name]
   69 |   refused: {result: refuse, doc: The hardware said no.}
      |                     ^^^^^^ did you mean "refused"?
""",
        base=PAIRS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_said(case):
    case.run()
