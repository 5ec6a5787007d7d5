# SPDX-License-Identifier: BSD-2-Clause
"""Rules: contexts, and what runs in which."""

import pytest
from helpers import diagnose
from rule_case import TWO_STEP_CREATE, Case

LADDER = "\ncontexts:\n  process: {sleeps: true, doc: A task.}\n  softirq: {doc: A softirq.}\n  hardirq: {doc: An interrupt.}\n"


def contexts(runs_in, ladder=LADDER):
    said = f"runs_in: {{{runs_in}}}\n" if runs_in else ""
    return "target.yaml", "\nroll_up:  ", f"{ladder}{said}\nroll_up:  "


def slow(command):
    """The example's command may sleep."""
    return "meter.yaml", f"  {command}:\n    doc", f"  {command}:\n    runs_in: process\n    doc"


CASES = [
    Case(
        "context-order",
        [
            contexts(
                "operations: softirq, poll: softirq",
                "\ncontexts:\n  softirq: {doc: A softirq.}\n  process: {sleeps: true, doc: A task.}\n",
            )
        ],
        """
target.yaml:60:21: error: code sleeps in "process", but not in "softirq", which stands before it [context-order]
   60 |   process: {sleeps: true, doc: A task.}
      |                     ^^^^ where most is allowed comes first
""",
    ),
    Case(
        "command-context",
        [contexts("poll: softirq"), slow("add_meter")],
        """
meter.yaml:27:14: error: "add_meter" of meter is to run in "process" and may sleep, but is called in "softirq", where polls run: by "create" in "free" [command-context]
   27 |     runs_in: process
      |              ^^^^^^^ poll: process, in the target's runs_in, where that is so
""",
        shown=True,
    ),
    Case(
        "command-context",  # nothing is said of polls, so they may run in the last context
        [contexts("operations: process"), slow("write_limits")],
        """
meter.yaml:34:14: error: "write_limits" of meter is to run in "process" and may sleep, but is called in "hardirq", where polls may run, since nothing says where: by "modify" in "limiting" [command-context]
   34 |     runs_in: process
      |              ^^^^^^^ poll: process, in the target's runs_in, where that is so
""",
    ),
    Case(
        "command-context",  # of all commands, which is one mistake
        [contexts("commands: softirq, poll: hardirq")],
        """
target.yaml:62:21: error: "write_limits" of meter is to run in "softirq", but is called in "hardirq", where polls run: by "modify" in "limiting" [command-context]
   62 | runs_in: {commands: softirq, poll: hardirq}
      |                     ^^^^^^^ poll: softirq, in the target's runs_in, where that is so
""",
    ),
    Case(
        "command-context",  # sent when a second command failed
        [
            contexts("poll: softirq"),
            *TWO_STEP_CREATE,
            (
                "meter.yaml",
                "  disable_meter: {doc: Let it rest.}\n",
                "  disable_meter: {runs_in: process, doc: Let it rest.}\n",
            ),
        ],
        """
meter.yaml:34:28: error: "disable_meter" of meter is to run in "process" and may sleep, but is called in "softirq", where polls run: by "create" in "free" -> "done" in "creating" -> "failed" in "enabling" [command-context]
   34 |   disable_meter: {runs_in: process, doc: Let it rest.}
      |                            ^^^^^^^ poll: process, in the target's runs_in, where that is so
""",
    ),
    Case(
        "callback-context",
        [contexts("completions: process, poll: softirq")],
        """
target.yaml:62:24: error: "meter_created" of "create" is to run in "process" and may sleep, but is called in "softirq", where polls run [callback-context]
   62 | runs_in: {completions: process, poll: softirq}
      |                        ^^^^^^^ poll: process, in the target's runs_in, where that is so
""",
    ),
    Case(
        "callback-context",
        [
            contexts("poll: hardirq"),
            (
                "target.yaml",
                "completion: meter_created\n",
                "completion: meter_created\n    completed_in: softirq\n",
            ),
        ],
        """
target.yaml:28:19: error: "meter_created" of "create" is to run in "softirq", but is called in "hardirq", where polls run [callback-context]
   28 |     completed_in: softirq
      |                   ^^^^^^^ poll: softirq, in the target's runs_in, where that is so
""",
    ),
    Case(
        "callback-context",
        [
            (
                "target.yaml",
                "    passes: [object_handle, code, data]\n",
                "    passes: [object_handle, code, data]\n    runs_in: process\n",
            ),
            ("target.yaml", "  poll: process  ", "  poll: softirq  "),
        ],
        """
target.yaml:151:14: error: "ipsec_event" is to run in "process" and may sleep, but is called in "softirq", where polls run [callback-context]
  151 |     runs_in: process
      |              ^^^^^^^ poll: process, in the target's runs_in, where that is so
""",
        base="ipsec",
    ),
    Case(
        "unused-contexts",
        [contexts("")],
        """
target.yaml:58:1: warning: nothing says what runs in these contexts [unused-contexts]
   58 | contexts:
      | ^^^^^^^^ runs_in: {...}
""",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()


@pytest.mark.parametrize(
    "good",
    [
        [contexts("poll: process"), slow("add_meter")],
        [contexts("operations: softirq, poll: process, commands: process"), slow("remove_meter")],
        [contexts("operations: process, answers: hardirq, poll: hardirq, commands: hardirq")],
        [contexts("operations: hardirq")],
    ],
)
def test_what_polls_call_may_run_where_they_do(good):
    assert diagnose(good) == ""


def test_unknown_contexts():
    wrong = diagnose([contexts("poll: softrq, operations: process")])
    assert 'unknown context "softrq" [unknown-name]' in wrong and wrong.count("error") == 1
    assert 'did you mean "softirq"?' in wrong
    wrong = diagnose([slow("add_meter")])
    assert 'unknown context "process" [unknown-name]' in wrong
    assert 'none is declared under "contexts" of target.yaml' in wrong
