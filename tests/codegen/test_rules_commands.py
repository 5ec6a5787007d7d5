# SPDX-License-Identifier: BSD-2-Clause
"""Rules: undo, results and the right place of commands."""

import pytest
from rule_case import RICH, TWO_STEP_CREATE, Case

CASES = [
    Case(
        "undo-missing",
        [
            (
                "meter.yaml",
                "    undo: old_values\n",
                "",
            ),
        ],
        """
meter.yaml:33:3: error: "write_limits" is sent by the plan of meter and cannot be undone [undo-missing]
   33 |   write_limits:
      |   ^^^^^^^^^^^^ undo: old_values, or send it under then:
""",
    ),
    Case(
        "undo-unknown-kind",
        [
            (
                "meter.yaml",
                "    undo: remove_meter\n",
                "",
            ),
        ],
        """
meter.yaml:58:22: error: "add_meter" names no command that undoes it [undo-unknown-kind]
   58 |       failed: {undo: add_meter, to: undoing}
      |                      ^^^^^^^^^ add undo: <command> to "add_meter"
""",
    ),
    Case(
        "undo-of-nothing",
        [
            ("meter.yaml", "{undo: add_meter, to: undoing}", "{undo: update, to: undoing}"),
        ],
        """
meter.yaml:59:22: error: "update" is undone, but "add_meter" was under way [undo-of-nothing]
   59 |       failed: {undo: update, to: undoing}
      |                      ^^^^^^ undo: add_meter
""",
    ),
    Case(
        "undo-twice",
        [
            (
                "meter.yaml",
                "failed: {to: stranded, status: from_command}",
                "failed: {undo: add_meter, to: undoing_again}\n"
                "  undoing_again:\n"
                "    doc: Once more.\n"
                "    busy: create\n"
                "    when:\n"
                "      done:   {to: free, status: from_command}\n"
                "      failed: {to: stranded, status: from_command}",
            ),
        ],
        """
meter.yaml:65:22: error: "undoing" has nothing left to undo [undo-twice]
   65 |       failed: {undo: add_meter, to: undoing_again}
      |                      ^^^^^^^^^
""",
    ),
    Case(
        "out-of-place",
        [
            ("meter.yaml", "{to: free, status: io_error}", "{send: remove_meter, to: withdrawing}"),
        ],
        """
meter.yaml:108:24: error: "remove_meter" is sent in "lost", where the hardware does not have it [out-of-place]
  108 |       withdraw: {send: remove_meter, to: withdrawing}
      |                        ^^^^^^^^^^^^
""",
    ),
    Case(
        "many-irreversible",
        [
            (
                "flow.yaml",
                "  begin_again:\n",
                "  forget:\n"
                "    doc: Forget the probes.\n"
                "    effects: {clear: {sets: count, to: 0}}\n"
                "    undo: none\n"
                "  begin_again:\n",
            ),
            (
                "flow.yaml",
                "{pulse: restart, send: begin_again, effect: clear_count}",
                "{pulse: restart, send: forget, effect: clear}",
            ),
        ],
        """
flow.yaml:77:30: error: "forget" cannot be undone, and "begin_again" before it neither [many-irreversible]
   77 |     - {pulse: restart, send: forget, effect: clear}
      |                              ^^^^^^ one command must do all of it
""",
        base=RICH,
    ),
    Case(
        "result-without-status",
        [
            (
                "target.yaml",
                "    brings: [cached]\n    results: {others: io_error}\n",
                "    brings: [cached]\n",
            ),
        ],
        """
target.yaml:33:3: error: the results "reset" of "write_limits", "failure" of "write_limits" have no status under "modify" [result-without-status]
   33 |   modify:
      |   ^^^^^^ results: {others: <status>} takes the rest
""",
    ),
    Case(
        "undo-missing",
        [
            (
                "meter.yaml",
                "carries: [rate_kbps, burst_bytes]\n    undo: old_values",
                "carries: [rate_kbps, burst_bytes]\n    undo: remove_meter",
            )
        ],
        """
meter.yaml:36:11: error: "write_limits" is sent by the plan of meter, and "remove_meter" does not bring the old values back [undo-missing]
   36 |     undo: remove_meter
      |           ^^^^^^^^^^^^ undo: old_values, or send it under then:
""",
    ),
    Case(
        "undo-order",
        [
            *TWO_STEP_CREATE,
            (
                "meter.yaml",
                "  disable_meter: {doc: Let it rest.}",
                "  disable_meter: {doc: Let it rest.}\n  test_meter: {undo: disable_meter, doc: Try it.}",
            ),
            (
                "meter.yaml",
                "  enabling:\n    doc: It is there, and is being enabled.\n    busy: create\n    when:\n      done:   {to: limiting, status: success}\n      failed: {undo: enable_meter, to: disabling}\n",
                "  enabling:\n    doc: It is there, and is being enabled.\n    busy: create\n    when:\n      done:   {send: test_meter, to: testing}\n      failed: {undo: enable_meter, to: disabling}\n  testing:\n    doc: It is tried.\n    busy: create\n    when:\n      done:   {to: limiting, status: success}\n      failed: {undo: enable_meter, to: disabling}\n",
            ),
        ],
        """
meter.yaml:74:22: error: "enable_meter" is undone before "test_meter", which came after it [undo-order]
   74 |       failed: {undo: enable_meter, to: disabling}
      |                      ^^^^^^^^^^^^ undo: test_meter, and then this on "done"
""",
    ),
    Case(
        "undo-twice",
        [
            *TWO_STEP_CREATE,
            (
                "meter.yaml",
                "done:   {undo: add_meter, to: undoing}",
                "done:   {undo: enable_meter, to: undoing}",
            ),
        ],
        """
meter.yaml:72:22: error: "disabling" has nothing left to undo [undo-twice]
   72 |       done:   {undo: enable_meter, to: undoing}
      |                      ^^^^^^^^^^^^
""",
    ),
    Case(
        "out-of-place",
        [
            ("meter.yaml", "send: write_limits}", "send: add_meter}"),
            ("meter.yaml", "      modify:   {plan: update", "      modify:   {plan: update"),
        ],
        """
meter.yaml:45:49: error: "add_meter" is sent by the update of meter, but it adds the object [out-of-place]
   45 |     - {changed: [rate_kbps, burst_bytes], send: add_meter}
      |                                                 ^^^^^^^^^
""",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
