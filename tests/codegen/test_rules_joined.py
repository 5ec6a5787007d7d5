# SPDX-License-Identifier: BSD-2-Clause
"""Rules: conditions that are made of conditions; what is known on the way to an arm, then."""

import pytest
from helpers import diagnose
from rule_case import RICH, Case

STOPPED = "stopped:  {all_of: [is_invalid, link_usable], doc"
NEEDLESS = "  needless: {any_of: [is_invalid, stale]"
TERMINATE = (
    "        - {if: has_dependents, refuse: bad}\n        - {send: remove_gate, to: removing}\n  up"
)
UPDATE = "        - {if: new_link_unusable, refuse: bad}\n        - {plan"
QUERY = "- {if: asks_delegated, send: read_gate, to: querying}\n        - {status: good}"

CASES = [
    Case(
        "wrong-question",
        [
            (
                "flow.yaml",
                STOPPED,
                "stopped: {all_of: [is_invalid, link_usable, has_dependents], doc",
            ),
        ],
        """
flow.yaml:117:25: error: "has_dependents", which "stopped" is made of, cannot be asked on "invalidate": nothing links to a flow [wrong-question]
  117 |       invalidate: [{if: stopped, refuse: bad}, {mark: invalid, send: block_flow, to: stopping}]
      |                         ^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "wrong-question",
        [
            ("gate.yaml", NEEDLESS, "  open: {all_of: [stale, asks_delegated]}\n" + NEEDLESS),
            ("gate.yaml", "if: stale}", "if: open}"),
        ],
        """
gate.yaml:46:43: error: "asks_delegated", which "open" is made of, cannot be asked of an indication: there is no node [wrong-question]
   46 |   is_it_there: {in: [there, corrupt], if: open}
      |                                           ^^^^
""",
        base=RICH,
    ),
    Case(
        "same-answer",
        [
            (
                "flow.yaml",
                STOPPED,
                "stopped: {all_of: [is_invalid, link_usable, link_unusable], doc",
            ),
        ],
        """
flow.yaml:78:3: error: "stopped" never holds [same-answer]
   78 |   stopped: {all_of: [is_invalid, link_usable, link_unusable], doc: "It was stopped, and its gate was not."}
      |   ^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "arm-never-tried",
        [
            ("flow.yaml", UPDATE, "        - {if: stopped, refuse: bad}\n" + UPDATE),
        ],
        """
flow.yaml:112:11: error: this arm of "update" is never tried: no answers to "is_invalid", "stopped" lead to it [arm-never-tried]
  112 |         - {if: stopped, refuse: bad}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "arm-never-tried",
        [
            (
                "flow.yaml",
                UPDATE,
                "        - {if: new_link_unusable, refuse: bad}\n        - {if: fine, refuse: bad}\n        - {plan",
            ),
            ("flow.yaml", STOPPED, "fine: {not: new_link_unusable}\n  " + STOPPED),
        ],
        """
flow.yaml:115:11: error: this arm of "update" is never tried: no answers to "is_invalid", "new_link_unusable", "fine" lead to it [arm-never-tried]
  115 |         - {plan: update, to: updating}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "guard-forgotten-dependents",
        [
            ("gate.yaml", NEEDLESS, "  both: {all_of: [has_dependents, is_invalid]}\n" + NEEDLESS),
            ("gate.yaml", TERMINATE, TERMINATE.replace("has_dependents", "both")),
        ],
        """
gate.yaml:79:11: error: "terminate" takes the gate away without asking for dependents [guard-forgotten-dependents]
   79 |         - {send: remove_gate, to: removing}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a flow may link to it; before this arm: {if: has_dependents, refuse: ...}
""",
        base=RICH,
    ),
    Case(
        "not-returned",
        [
            ("gate.yaml", NEEDLESS, "  some: {all_of: [asks_delegated, is_invalid]}\n" + NEEDLESS),
            ("gate.yaml", QUERY, QUERY.replace("if: asks_delegated", "if: some")),
        ],
        """
gate.yaml:74:20: error: "query" is answered with "good", but no command read the delegated variables [not-returned]
   74 |         - {status: good}
      |                    ^^^^
""",
        base=RICH,
    ),
    Case(
        "unused-condition",
        [
            (
                "flow.yaml",
                "[{if: stopped, refuse: bad}, {mark: invalid, send: block_flow, to: stopping}]",
                "{mark: invalid, send: block_flow, to: stopping}",
            ),
        ],
        """
flow.yaml:78:3: warning: nothing asks the condition "stopped" [unused-condition]
   78 |   stopped:  {all_of: [is_invalid, link_usable], doc: "It was stopped, and its gate was not."}
      |   ^^^^^^^
""",
        base=RICH,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_said(case):
    case.run()


# An arm's own condition, and those before it that were not met, say what is so where it counts.
OTHERWISE = {
    "one of several that refuse": "[{if: used, refuse: bad}, {send: remove_gate, to: removing}]",
    "its opposite": "[{if: lonely, send: remove_gate, to: removing}, {refuse: bad}]",
}


@pytest.mark.parametrize("arms", OTHERWISE.values(), ids=OTHERWISE.keys())
def test_dependents_may_be_asked_for_otherwise(arms):
    used = "  used: {any_of: [has_dependents, is_invalid]}\n"
    lonely = "  lonely: {not: used}\n" if "lonely" in arms else ""
    edits = [
        ("gate.yaml", "terminate:\n" + TERMINATE, f"terminate: {arms}\n  up"),
        ("gate.yaml", NEEDLESS, used + lonely + NEEDLESS),
    ]
    assert diagnose(edits, RICH) == ""
