# SPDX-License-Identifier: BSD-2-Clause
"""Conditions that are made of others: of what is no condition, of themselves, of one alone."""

import pytest
from rule_case import RICH, Case

LINK_USABLE = "doc: Its gate can be used., not: link_unusable}"
STOPPED = "stopped:  {all_of: [is_invalid, link_usable], doc"

CASES = [
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
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_said(case):
    case.run()
