# SPDX-License-Identifier: BSD-2-Clause
"""Rules: every event is decided, every arm can be tried, every state is reached."""

import pytest
from rule_case import KEYS, Case

CASES = [
    Case(
        "never-happens",
        [("rule.yaml", "      aged:\n        - {if", "      done:\n        - {if")],
        """
rule.yaml:105:7: error: "done" never reaches "offloaded": at rest no command is under way [never-happens]
  105 |       done:
      |       ^^^^
""",
        base="flow",
    ),
    Case(
        "never-happens",
        [
            (
                "port.yaml",
                "query: {status: success}",
                "query: {status: success}\n      rekey: {refuse: bad}",
            )
        ],
        """
port.yaml:43:14: error: "rekey" never reaches "there": it is about "sa" only [never-happens]
   43 |       rekey: {refuse: bad}
      |              ^^^^^^^^^^^^^
""",
        base=KEYS,
    ),
    Case(
        "undecided",
        [
            (
                "target.yaml",
                "    inspect:  {refuse: bad_value}\n",
                "",
            ),
        ],
        """
target.yaml:68:3: error: "inspect": undecided in "unsure" and another state of meter [undecided]
   68 |   idle:
      |   ^^^^ say it in its when, or once for all: "idle" of the defaults
""",
    ),
    Case(
        "never-happens",
        [
            (
                "meter.yaml",
                "      modify:   {plan",
                "      create:   {refuse: bad_value}\n      modify:   {plan",
            ),
        ],
        """
meter.yaml:70:17: error: "create" never reaches "limiting": a new object begins in the first state [never-happens]
   70 |       create:   {refuse: bad_value}
      |                 ^^^^^^^^^^^^^^^^^^^
""",
    ),
    Case(
        "unreachable-state",
        [
            (
                "meter.yaml",
                "  stranded:\n",
                "  forgotten:\n"
                "    doc: Nobody comes here.\n"
                "    rest: {host: has, hardware: unsure}\n"
                "    when:\n"
                "      withdraw: {send: remove_meter, to: withdrawing}\n"
                "  stranded:\n",
            ),
        ],
        """
meter.yaml:109:3: error: no event of meter leads to "forgotten" [unreachable-state]
  109 |   forgotten:
      |   ^^^^^^^^^
""",
    ),
    Case(
        "arm-never-tried",
        [
            (
                "meter.yaml",
                "        - {status: success}\n",
                "        - {status: success}\n        - {refuse: bad_value}\n",
            ),
        ],
        """
meter.yaml:74:11: error: this arm of "inspect" is never tried: the one before it always fits [arm-never-tried]
   74 |         - {refuse: bad_value}
      |           ^^^^^^^^^^^^^^^^^^^
""",
    ),
    Case(
        "arm-never-tried",
        [
            (
                "meter.yaml",
                "        - {status: success}\n",
                "        - {if: asks_delegated, refuse: bad_value}\n        - {status: success}\n",
            ),
        ],
        """
meter.yaml:73:11: error: this arm of "inspect" is never tried: "asks_delegated" was asked before [arm-never-tried]
   73 |         - {if: asks_delegated, refuse: bad_value}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
    ),
    Case(
        "no-last-arm",
        [
            (
                "meter.yaml",
                "        - {status: success}\n",
                "",
            ),
        ],
        """
meter.yaml:72:11: error: "inspect" in "limiting" is undecided where "asks_delegated" is false [no-last-arm]
   72 |         - {if: asks_delegated, send: read_count, to: inspecting}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ an arm without if must end the list
""",
    ),
    Case(
        "defer-at-rest",
        [
            ("target.yaml", "modify:   {refuse: bad_value}", "modify:   {defer: true}"),
        ],
        """
target.yaml:69:15: error: "modify" is deferred in "unsure" of meter, which rests already [defer-at-rest]
   69 |     modify:   {defer: true}
      |               ^^^^^^^^^^^^^ the same in "lost" of meter
""",
    ),
    Case(
        "defer-internal",
        [
            (
                "meter.yaml",
                "busy: inspect\n    when:\n      done:   {to: limiting, status: success}",
                "busy: inspect\n    when:\n      done:   {defer: true}",
            ),
        ],
        """
meter.yaml:91:15: error: "done" is not an operation and cannot be deferred [defer-internal]
   91 |       done:   {defer: true}
      |               ^^^^^^^^^^^^^
""",
    ),
    Case(
        "never-ended",
        [
            (
                "meter.yaml",
                "    rest: {host: has, hardware: unsure}\n"
                "    when:\n"
                "      withdraw: {send: remove_meter, to: withdrawing}",
                "    rest: {host: has, hardware: unsure}\n"
                "    when:\n"
                "      withdraw: {refuse: bad_value}",
            ),
        ],
        """
meter.yaml:99:3: error: in "unsure" the host has the meter and can never give it back [never-ended]
   99 |   unsure:
      |   ^^^^^^ let "withdraw" lead out of it
""",
    ),
    Case(
        "undecided",
        [
            (
                "target.yaml",
                "    modify:   {defer: true}                # one thing at a time; the rest waits\n    inspect:  {defer: true}\n",
                "",
            ),
            ("target.yaml", "    reset:    {to: lost, status: io_error}\n", ""),
        ],
        """
target.yaml:73:3: error: "modify", "inspect": undecided in "modifying" and 3 other states of meter [undecided]
   73 |   busy:
      |   ^^^^ say it in its when, or once for all: "busy" of the defaults
target.yaml:73:3: error: "reset": undecided in "modifying" and 2 other states of meter [undecided]
   73 |   busy:
      |   ^^^^ say it in its when, or once for all: "busy" of the defaults
""",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
