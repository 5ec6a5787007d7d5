# SPDX-License-Identifier: BSD-2-Clause
"""Slips of which the finding once stood elsewhere, said something that was not so, or came with others that follow from it.

Each is one finding, at the slip or with a hint that leads there.
"""

import pytest

from helpers import diagnose

FLOW, FLUSH, LINKS = "flow", "../tests/flush/spec", "../tests/links/spec"

# Name, edits of spec/flow, or of the one that is named last, and what is said.
SLIPS = [
    (
        "hardware: has is forgotten",
        [("rule.yaml", "    returns: [id]\n    hardware: has\n", "    returns: [id]\n")],
        """
rule.yaml:38:3: error: "offloaded" claims that the hardware has it, but after "done" in "adding" it does not have it [false-claim]
   38 |   add_rule:
      |   ^^^^^^^^ hardware: has, if it does that
""",
    ),
    (
        "hardware: has_not is forgotten",
        [("rule.yaml", "    hardware: has_not\n", "")],
        """
rule.yaml:53:3: error: "free" claims that the hardware does not have it, but after "done" in "undoing" it may or may not have it [false-claim]
   53 |   remove_rule:
      |   ^^^^^^^^^^^ hardware: has_not, if it does that
""",
    ),
    (
        "no answer tells the device's number",
        [("rule.yaml", "    returns: [id]\n", "")],
        """
rule.yaml:38:3: error: "write_rule" carries "id" of rule, and no answer tells it [number-unknown]
   38 |   add_rule:
      |   ^^^^^^^^ returns: [id], of "add_rule"
""",
    ),
    (
        "an object is not listed",
        [("target.yaml", "objects: [table, hop, meter, rule]", "objects: [table, meter, rule]")],
        """
hop.yaml:4:9: error: object "hop" is not listed under "objects" of target.yaml [unknown-name]
    4 | object: hop
      |         ^^^ before what links to it
""",
    ),
    (
        "an object has another name",
        [("rule.yaml", "object: rule", "object: match")],
        """
target.yaml:6:30: error: unknown object "rule" [unknown-name]
    6 | objects: [table, hop, meter, rule]         # what is stood on comes first
      |                              ^^^^ is it "match" now? also at lines 147, 149
""",
    ),
    (
        "undo of a command of a plan",
        [
            (
                "rule.yaml",
                "failed: {undo: update, to: reverting}",
                "failed: {undo: write_rule, to: reverting}",
            )
        ],
        """
rule.yaml:113:22: error: "write_rule" names no command that undoes it [undo-unknown-kind]
  113 |       failed: {undo: write_rule, to: reverting}
      |                      ^^^^^^^^^^ undo: update, which sent it
""",
    ),
    (
        "undo of another command",
        [
            (
                "rule.yaml",
                "failed: {undo: update, to: reverting}",
                "failed: {undo: add_rule, to: reverting}",
            )
        ],
        """
rule.yaml:113:22: error: "add_rule" is undone, but "update" was under way [undo-of-nothing]
  113 |       failed: {undo: add_rule, to: reverting}
      |                      ^^^^^^^^ undo: update
""",
    ),
    (
        "a default that is wrong in several states",
        [("target.yaml", "    reset:   {to: lost}", "    reset:   {stay: true}")],
        """
target.yaml:127:14: error: "offloaded" claims that the hardware has it, but after "reset" in "offloaded" of table it does not have it [false-claim]
  127 |     reset:   {stay: true}                    # not broken: it is restored
      |              ^^^^^^^^^^^^ the same in "unsure" of table, "nameless" of table, "offloaded" of hop, "unsure" of hop, "nameless" of hop, 6 more
""",
    ),
    (
        "a state is there twice, for another",
        [("rule.yaml", "\n  reverting:\n", "\n  updating:\n")],
        """
rule.yaml:114:3: error: key "updating" is already given on line 108 [duplicate-key]
  114 |   updating:
      |   ^^^^^^^^
""",
    ),
    (
        "a state's line is left out",
        [("rule.yaml", "\n  reverting:\n", "\n")],
        """
rule.yaml:114:5: error: key "doc" is already given on line 109 [duplicate-key]
  114 |     doc: That failed, and it was told the old values.
      |     ^^^
""",
    ),
    (
        "a state has a new name",
        [("rule.yaml", "\n  removing:\n", "\n  deleting:\n")],
        """
rule.yaml:103:40: error: unknown state "removing" [unknown-name]
  103 |       destroy: {send: remove_rule, to: removing}
      |                                        ^^^^^^^^ is it "deleting" now? also at line 142
""",
    ),
    (
        "a command has a new name",
        [("rule.yaml", "\n  remove_rule:\n", "\n  end_rule:\n")],
        """
rule.yaml:103:23: error: unknown command "remove_rule" [unknown-name]
  103 |       destroy: {send: remove_rule, to: removing}
      |                       ^^^^^^^^^^^ is it "end_rule" now? also at lines 43, 104, 142, 143
""",
    ),
    (
        "a capital",
        [("rule.yaml", "    priority:  ", "    Priority:  ")],
        """
rule.yaml:20:5: error: "Priority" is not a name (lower-case words joined by underscores) [bad-name]
   20 |     Priority:            {type: u32, host: priority, doc: "Of two that match the one of the lower number counts."}
      |     ^^^^^^^^ did you mean "priority"?
""",
    ),
    (
        "handles for links",
        [
            (
                "rule.yaml",
                "carries: [id, timeout, hop, hop.id, meter, meter.id]",
                "carries: [id, timeout, hop_handle, hop.id, meter_handle, meter.id]",
            )
        ],
        """
rule.yaml:48:28: error: "hop_handle", "meter_handle" are handles, and no values that hardware is told [handle-as-value]
   48 |     carries: [id, timeout, hop_handle, hop.id, meter_handle, meter.id]
      |                            ^^^^^^^^^^ the links are called hop and meter
""",
    ),
    (
        "data of an event without event.",
        [("rule.yaml", "- {tell: flow_aged}", "- {tell: flow_aged, set: {timeout: packets}}")],
        """
rule.yaml:107:44: error: "packets" (u64 in packets) is no value of "timeout" (interval in ticks): their units differ [set-wrong]
  107 |         - {tell: flow_aged, set: {timeout: packets}}
      |                                            ^^^^^^^ did you mean event.packets?
""",
    ),
    (
        "data of an event without event., where no variable is called so",
        [
            ("rule.yaml", "data: {packets: u64, bytes: u64}", "data: {seen: u64}"),
            ("rule.yaml", "- {tell: flow_aged}", "- {tell: flow_aged, set: {timeout: seen}}"),
        ],
        """
rule.yaml:107:44: error: unknown value, parameter or variable "seen" [unknown-name]
  107 |         - {tell: flow_aged, set: {timeout: seen}}
      |                                            ^^^^ did you mean event.seen?
""",
    ),
    (
        "set beside stay, in a default",
        [
            (
                "target.yaml",
                "    aged:    {stay: true}",
                "    aged:    {stay: true, set: {timeout: 0}}",
            )
        ],
        """
target.yaml:129:27: error: "set" beside "stay": stay stands alone, or with if [conflicting-keys]
  129 |     aged:    {stay: true, set: {timeout: 0}}                  # of what is not there for good
      |                           ^^^
""",
    ),
    (
        "a variable of the machine is returned",
        [
            (
                "rule.yaml",
                "  device:\n",
                "  machine:\n    tries: {type: u8, doc: How often.}\n  device:\n",
            ),
            (
                "rule.yaml",
                "carries: [id], returns: [delegated], doc: Read",
                "carries: [id], returns: [tries], doc: Read",
            ),
        ],
        """
rule.yaml:54:40: error: unknown class, delegated or device variable "tries" [unknown-name]
   54 |   read_rule: {carries: [id], returns: [tries], doc: Read what it counted.}
      |                                        ^^^^^ it is of the class machine
""",
    ),
    (
        "a status that the busy state gives again",
        [
            (
                "rule.yaml",
                "query:\n        - {if: asks_delegated, send: read_rule, to: reading}\n",
                "query:\n        - {if: asks_delegated, send: read_rule, to: reading, status: success}\n",
            )
        ],
        """
rule.yaml:101:11: error: a completion is doubled: "query" leads from "offloaded" to "reading", gives "success", and "reading" still owes the completion of "query" [completion-doubled]
  101 |         - {if: asks_delegated, send: read_rule, to: reading, status: success}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ take "status" out: what leaves "reading" gives it
""",
    ),
    (
        "the kinds that stay are not kept",
        [("target.yaml", "    keeps: [table, hop]\n", "")],
        """
table.yaml:66:14: error: "ready" claims that the host has it, but after "drain" in "ready" it does not have it [false-claim]
   66 |       drain: {status: success}
      |              ^^^^^^^^^^^^^^^^^ if it is to stay: `keeps: [table, hop]`, at "drain"
""",
        FLUSH,
    ),
    (
        "another kind is kept",
        [("target.yaml", "keeps: [table, hop]", "keeps: [hop, flow]")],
        """
flow.yaml:119:15: error: "drain" keeps objects of the kind flow, and takes this one away [kept-taken-away]
  119 |       done:   {to: free, status: success}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^ take "flow" out of `keeps`
""",
        FLUSH,
    ),
    (
        "an update where nobody knows what the hardware has",
        [
            (
                "policy.yaml",
                "      repair:\n        - {if: is_withdrawn",
                "      modify: {plan: update, to: changing}\n      repair:\n        - {if: is_withdrawn",
            )
        ],
        """
policy.yaml:107:15: error: "modify" may move the links "in_sa", "out_sa" of a policy, of which nobody knows what the hardware has [relink-unsure]
  107 |       modify: {plan: update, to: changing}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        LINKS,
    ),
    (
        "the first state claims that the host has it",
        [
            (
                "rule.yaml",
                "    doc: No flow.\n    rest: {host: has_not,",
                "    doc: No flow.\n    rest: {host: has,",
            )
        ],
        """
rule.yaml:74:3: error: "free" is where an unused rule rests: nobody has it there [false-claim]
   74 |   free:
      |   ^^^^ rest: {host: has_not, hardware: has_not}
""",
    ),
    (
        "an event is called like an operation",
        [("rule.yaml", "  aged: {doc", "  query: {doc")],
        """
rule.yaml:68:3: error: event "query" is an operation already: say another name [clashing-name]
   68 |   query: {doc: No packet matched for its timeout., data: {packets: u64, bytes: u64}}
      |   ^^^^^
""",
    ),
]


@pytest.mark.parametrize(
    "edits, said, base", [(*s[1:], FLOW)[:3] for s in SLIPS], ids=[s[0] for s in SLIPS]
)
def test_the_finding_is_one_and_leads_to_the_slip(edits, said, base):
    found = diagnose(edits, base)
    assert found == said.lstrip("\n")
    assert found.count(": error: ") == 1
