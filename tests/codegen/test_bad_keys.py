# SPDX-License-Identifier: BSD-2-Clause
"""Keys that are unknown, missing, or do not go together. Exact text."""

import pytest
from helpers import diagnose

TARGET, NODE, METER = "target.yaml", "node.yaml", "meter.yaml"

# Rule, edits of spec/example, all that the compiler then says.
CASES = [
    (
        "unknown-key",
        [(METER, "doc: It does its work.", "docs: It does its work.")],
        """
meter.yaml:67:5: error: unknown key "docs" [unknown-key]
   67 |     docs: It does its work.
      |     ^^^^ did you mean "doc"?
""",
    ),
    (
        "unknown-key",
        [(METER, "pool: {full: no_memory}", "pool: {full: no_memory, size: 4}")],
        """
meter.yaml:6:25: error: unknown key "size" [unknown-key]
    6 | pool: {full: no_memory, size: 4}
      |                         ^^^^ known here: full
""",
    ),
    (
        "unknown-key",
        [(METER, "doc: What did not pass.", "doc: What, alas, did not pass.")],
        """
meter.yaml:23:74: error: unknown key "alas" [unknown-key]
   23 |       {type: u64, unit: packets, host: DroppedPackets, at: 0, doc: What, alas, did not pass.}
      |                                                                          ^^^^ if it belongs to the text before the comma: put all of it in quotes
meter.yaml:23:80: error: unknown key "did not pass." [unknown-key]
   23 |       {type: u64, unit: packets, host: DroppedPackets, at: 0, doc: What, alas, did not pass.}
      |                                                                                ^^^^^^^^^^^^^ if it belongs to the text before the comma: put all of it in quotes
""",
    ),
    (
        "unknown-key",
        [(METER, "    doc: No meter.\n", "    dco: No meter.\n")],
        """
meter.yaml:50:5: error: unknown key "dco" [unknown-key]
   50 |     dco: No meter.
      |     ^^^ did you mean "doc"?
""",
    ),
    (  # the value is wrong, too: the key is still the one that was meant
        "unknown-key",
        [(METER, "    doc: No meter.\n", "    odc: 7\n")],
        """
meter.yaml:50:5: error: unknown key "odc" [unknown-key]
   50 |     odc: 7
      |     ^^^ did you mean "doc"?
""",
    ),
    (  # one that only hosts of a given layout require
        "unknown-key",
        [(METER, "host: RateKbps, at: 0", "host: RateKbps, ta: 0")],
        """
meter.yaml:18:58: error: unknown key "ta" [unknown-key]
   18 |     rate_kbps:   {type: u32, unit: kbps, host: RateKbps, ta: 0, doc: What may pass in the long run.}
      |                                                          ^^ did you mean "at"?
""",
    ),
    (
        "missing-key",
        [(METER, "    doc: No meter.\n", "")],
        """
meter.yaml:49:3: error: "free" lacks the key "doc" [missing-key]
   49 |   free:
      |   ^^^^ doc: What is so in this state
""",
    ),
    (
        "missing-key",
        [(METER, "pool: {full: no_memory}\n", "")],
        """
meter.yaml:4:1: error: the object lacks the key "pool" [missing-key]
    4 | object: meter
      | ^^^^^^ pool: The pool that its objects live in
""",
    ),
    (
        "missing-key",
        [(NODE, ", state_follows: all", "")],
        """
node.yaml:29:5: error: this lacks the key "state_follows" [missing-key]
   29 |   - {role: new, value: empty, doc: Asks for a meter.}
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ state_follows: Which state follows such a node in memory: `never` a placeholder, `all` a new one, `by_type` a reference
""",
    ),
    (
        "missing-key",
        [(TARGET, "timeout_ms: 50                             # for every command\n", "")],
        """
meter.yaml:26:3: error: "add_meter" and 3 others lack the key "timeout_ms", and so does the target [missing-key]
   26 |   add_meter:
      |   ^^^^^^^^^ timeout_ms: of the target, for every command
""",
    ),
    (
        "missing-key",
        [(NODE, "  inspect: any\n", "")],
        """
node.yaml:32:1: error: "state_used" lacks the operation "inspect" [missing-key]
   32 | state_used:                                # of what follows the node
      | ^^^^^^^^^^ inspect: what it brings or returns, or none
""",
    ),
    (
        "missing-key",
        [(METER, "    rest: {host: has, hardware: has}\n", "")],
        """
meter.yaml:66:3: error: "limiting" lacks the key "rest" or "busy" [missing-key]
   66 |   limiting:
      |   ^^^^^^^^
""",
    ),
    (
        "missing-key",
        [(METER, "    - {status: success}", "    - {if: asks_delegated}")],
        """
meter.yaml:73:11: error: this arm does nothing: say send, plan, undo, retry, mark, clear, set, to, tell, status, refuse, stay or defer [missing-key]
   73 |         - {if: asks_delegated}
      |           ^^^^^^^^^^^^^^^^^^^^
""",
    ),
    (
        "missing-key",
        [(METER, "  delegated: {struct: LIMITER_METER_COUNT,  bytes: 8}\n", "")],
        """
meter.yaml:9:1: error: "layout" lacks the key "delegated", and there are variables of that class [missing-key]
    9 | layout:
      | ^^^^^^
""",
    ),
    (
        "conflicting-keys",
        [
            (
                METER,
                "create: {send: add_meter, to: creating}",
                "create: {send: add_meter, undo: add_meter, to: creating}",
            )
        ],
        """
meter.yaml:53:33: error: "undo" beside "send": an arm does one of send, plan and undo [conflicting-keys]
   53 |       create: {send: add_meter, undo: add_meter, to: creating}
      |                                 ^^^^
""",
    ),
    (
        "conflicting-keys",
        [
            (
                METER,
                "modify:   {plan: update, to: modifying}",
                "modify:   {refuse: bad_value, to: modifying}",
            )
        ],
        """
meter.yaml:70:37: error: "to" beside "refuse": refuse stands alone, or with if [conflicting-keys]
   70 |       modify:   {refuse: bad_value, to: modifying}
      |                                     ^^
""",
    ),
    (
        "conflicting-keys",
        [
            (
                METER,
                "busy: modify\n    when:\n      done:   {to: limiting, status: success}",
                "busy: modify\n    rest: {host: has, hardware: has}\n    when:\n      done:   {to: limiting, status: success}",
            )
        ],
        """
meter.yaml:77:5: error: "busy" beside "rest": a state is at rest or busy [conflicting-keys]
   77 |     busy: modify
      |     ^^^^
""",
    ),
    (
        "duplicate-item",
        [(METER, "[busy_port, no_space]", "[busy_port, no_space, busy_port]")],
        """
meter.yaml:32:36: error: "busy_port" is in the list twice [duplicate-item]
   32 |     answers: [busy_port, no_space, busy_port]
      |                                    ^^^^^^^^^
""",
    ),
    (
        "no-good-status",
        [(TARGET, "host: OK,         good: true,", "host: OK,")],
        """
target.yaml:15:1: error: no status is good: no operation could ever succeed [no-good-status]
   15 | statuses:                                  # plain errno values
      | ^^^^^^^^ good: true on the one that says so
""",
    ),
]


@pytest.mark.parametrize("rule, edits, said", CASES)
def test_is_reported(rule, edits, said):
    assert diagnose(edits, checks=False) == said.lstrip("\n")
    assert f"[{rule}]" in said
