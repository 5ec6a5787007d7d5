# SPDX-License-Identifier: BSD-2-Clause
"""Rules: events of the device owe nobody a status, wait for answers, and are heard."""

import pytest
from rule_case import RICH, Case

SPENT = "      spent: [{if: is_invalid, to: corrupt}, {to: corrupt, tell: is_spent}]"

CASES = [
    Case(
        "clashing-identifier",
        [
            ("rule.yaml", "  nameless:\n", "  event_aged:\n"),
            ("rule.yaml", "failed: {to: nameless", "failed: {to: event_aged"),
        ],
        """
rule.yaml:68:3: error: FLOW_RULE_EVENT_AGED in C would be both the number of event "aged" of rule and state "event_aged" of rule [clashing-identifier]
   68 |   aged: {doc: No packet matched for its timeout., data: {packets: u64, bytes: u64}}
      |   ^^^^ that is at rule.yaml:168
""",
        base="flow",
    ),
    Case(
        "event-while-busy",
        [
            (
                "gate.yaml",
                "    busy: query\n    when:\n",
                "    busy: query\n    when:\n      spent:  {to: corrupt}\n",
            ),
        ],
        """
gate.yaml:95:15: error: "spent" leaves "querying" while a command is under way [event-while-busy]
   95 |       spent:  {to: corrupt}
      |               ^^^^^^^^^^^^^ defer: true
""",
        base=RICH,
    ),
    Case(
        "event-forgotten",
        [("target.yaml", "    spent:      {defer: true}", "    spent:      {stay: true}")],
        """
target.yaml:115:17: error: "spent" changes what the hardware has, and "adding" of gate forgets it [event-forgotten]
  115 |     spent:      {stay: true}
      |                 ^^^^^^^^^^^^ defer: true; the same in "withdrawing" of gate, "updating" of gate, "reverting" of gate, "querying" of gate, "stopping" of gate, 2 more
""",
        base=RICH,
    ),
    Case(
        "wrong-tell",
        [("gate.yaml", SPENT, "      spent: {to: corrupt, tell: stall}")],
        """
gate.yaml:75:34: error: "stall" is about a flow: a gate cannot tell by it [wrong-tell]
   75 |       spent: {to: corrupt, tell: stall}
      |                                  ^^^^^ tell: is_it_there or is_spent; or about: gate, at "stall"
""",
        base=RICH,
    ),
    Case(
        "wrong-tell",
        [
            (
                "gate.yaml",
                "      invalidate: {mark: invalid, send: block_gate, to: stopping}",
                "      invalidate: {mark: invalid, send: block_gate, to: stopping, tell: is_spent}",
            ),
        ],
        """
gate.yaml:74:73: error: "invalidate" cannot tell: only events of the device do [wrong-tell]
   74 |       invalidate: {mark: invalid, send: block_gate, to: stopping, tell: is_spent}
      |                                                                         ^^^^^^^^ take it out; a state raises others (raises)
""",
        base=RICH,
    ),
    Case(
        "wrong-tell",
        [
            (
                "gate.yaml",
                "      reset: {to: free}",
                "      reset: {to: free}\n      spent: {tell: is_spent}",
            ),
        ],
        """
gate.yaml:137:21: error: "is_spent" is told in "stranded", where the host has no handle of the gate [wrong-tell]
  137 |       spent: {tell: is_spent}
      |                     ^^^^^^^^ stay: true, or defer: true until it has
""",
        base=RICH,
    ),
    Case(
        "wrong-tell",
        [
            (
                "target.yaml",
                "about: gate, code: 3, doc",
                "about: gate, code: 3, argument: pieces, doc",
            ),
            (
                "target.yaml",
                "passes: [object_handle, code, data]",
                "passes: [object_handle, code, detail]",
            ),
        ],
        """
gate.yaml:75:66: error: "is_spent" has the argument "pieces": an event has none [wrong-tell]
   75 |       spent: [{if: is_invalid, to: corrupt}, {to: corrupt, tell: is_spent}]
      |                                                                  ^^^^^^^^ pass the event's data
""",
        base=RICH,
    ),
    # It says so of an event of which nobody tells, and of one that is told without its data.
    Case(
        "event-data-unused",
        [("gate.yaml", SPENT, "      spent: {to: corrupt}")],
        """
gate.yaml:137:58: warning: nobody gets the data of "spent" [event-data-unused]
  137 | events: {spent: {doc: It let through what it may., data: {pieces: u64, octets: u64}, hardware: unsure}}
      |                                                          ^^^^^^^^^^^^^^^^^^^^^^^^^^ tell it, by a call that passes data
""",
        base=RICH,
    ),
    Case(
        "event-data-unused",
        [("target.yaml", "passes: [object_handle, code, data]", "passes: [object_handle, code]")],
        """
target.yaml:150:13: warning: "ipsec_event" passes no data: nobody gets those of "soft_limit", "hard_limit" [event-data-unused]
  150 |     passes: [object_handle, code]
      |             ^^^^^^^^^^^^^^^^^^^^^ passes: [..., data]
""",
        base="ipsec",
    ),
    Case(
        "wrong-type",
        [("gate.yaml", "octets: u64}", "octets: age}")],
        """
gate.yaml:137:80: error: "octets" goes along with an event: a number, not age [wrong-type]
  137 | events: {spent: {doc: It let through what it may., data: {pieces: u64, octets: age}, hardware: unsure}}
      |                                                                                ^^^
""",
        base=RICH,
    ),
    Case(
        "defer-at-rest",
        [("gate.yaml", SPENT, "      spent: {defer: true}")],
        """
gate.yaml:75:14: error: "spent" is deferred in "there", which rests already [defer-at-rest]
   75 |       spent: {defer: true}
      |              ^^^^^^^^^^^^^
""",
        base=RICH,
    ),
    # What the device says of the hardware counts where a state claims something.
    Case(
        "false-claim",
        [("gate.yaml", SPENT, "      spent: {stay: true}")],
        """
gate.yaml:75:14: error: "there" claims that the hardware has it, but after "spent" in "there" it may or may not have it [false-claim]
   75 |       spent: {stay: true}
      |              ^^^^^^^^^^^^ "spent" in "there": to: corrupt
""",
        base=RICH,
    ),
    Case(
        "completion-doubled",
        [("gate.yaml", SPENT, "      spent: {to: corrupt, status: bad}")],
        """
gate.yaml:75:14: error: a completion is doubled: "spent" leads from "there" to "corrupt", gives "bad", but "there" owes nothing [completion-doubled]
   75 |       spent: {to: corrupt, status: bad}
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "undecided",
        [("target.yaml", "    spent:      {stay: true}\n", "")],
        """
target.yaml:101:3: error: "spent": undecided in "corrupt" and 2 other states of gate [undecided]
  101 |   idle:
      |   ^^^^ say it in its when, or once for all: "idle" of the defaults
""",
        base=RICH,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
