# SPDX-License-Identifier: BSD-2-Clause
"""Rules: who is reached as a dependent, what can be brought to it, and what the host is told."""

import pytest
from rule_case import FLUSH, LINKS, Case

CASES = [
    Case(
        "dependents-of-none",
        [("target.yaml", "about: [table, hop]\n    order", "about: [table, flow]\n    order")],
        """
target.yaml:59:20: error: "purge" reaches dependents, and nothing stands on a flow [dependents-of-none]
   59 |     about: [table, flow]
      |                    ^^^^
""",
        base=FLUSH,
    ),
    Case(
        "dependents-of-none",
        [
            (
                "target.yaml",
                "    reaches: reference\n    order: any\n    returns: asked",
                "    reaches: dependents\n    order: any",
            ),
            ("node.yaml", "inspect: any", "inspect: none"),
            (
                "meter.yaml",
                "        - {if: asks_delegated, send: read_count, to: inspecting}\n",
                "        - {send: read_count, to: inspecting}\n",
            ),
            ("meter.yaml", "        - {status: success}\n", ""),
        ],
        """
target.yaml:44:14: error: "inspect" reaches dependents, and no object links to another [dependents-of-none]
   44 |     reaches: dependents
      |              ^^^^^^^^^^ reaches: reference
""",
    ),
    Case(
        "dependents-alone",
        [
            (
                "target.yaml",
                "    order: any\n    roll_up:",
                "    order: any\n    brings: [cached]\n    roll_up:",
            ),
            ("node.yaml", "flush: none", "flush: cached"),
        ],
        """
target.yaml:49:5: error: "flush" brings something, and has no nodes for dependents [dependents-alone]
   49 |     brings: [cached]
      |     ^^^^^^
""",
        base=FLUSH,
    ),
    Case(
        "dependents-alone",
        [
            (
                "target.yaml",
                "    order: any\n    roll_up:",
                "    order: any\n    returns: asked\n    roll_up:",
            ),
            ("node.yaml", "flush: none", "flush: any"),
        ],
        """
target.yaml:49:5: error: "flush" returns something, and has no nodes for dependents [dependents-alone]
   49 |     returns: asked
      |     ^^^^^^^
""",
        base=FLUSH,
    ),
    Case(
        "dependents-counted",
        [
            (
                "node.yaml",
                "  failed:     {type: u32, host: failed, role: failed, doc: How many of them failed.}\n",
                "",
            )
        ],
        """
node.yaml:4:7: error: no member of the node has the role "failed", and "flush" reaches dependents [dependents-counted]
    4 | node: item
      |       ^^^^ it says how many of them failed
""",
        base=FLUSH,
    ),
    Case(
        "dependents-counted",
        [
            (
                "node.yaml",
                "  kind:       {type: u16",
                "  count:      {type: u32, host: count, role: reached, doc: How many.}\n  kind:       {type: u16",
            )
        ],
        """
node.yaml:17:46: error: "count" tells how many dependents it reached, and no operation reaches dependents [dependents-counted]
   17 |   count:      {type: u32, host: count, role: reached, doc: How many.}
      |                                              ^^^^^^^
""",
        base=LINKS,
    ),
    Case(
        "node-roles",
        [
            (
                "node.yaml",
                "  failed:  ",
                "  more:       {type: u32, host: more, role: reached, doc: How many again.}\n  failed:  ",
            )
        ],
        """
node.yaml:19:45: error: another member already has the role "reached" [node-roles]
   19 |   more:       {type: u32, host: more, role: reached, doc: How many again.}
      |                                             ^^^^^^^
""",
        base=FLUSH,
    ),
    Case(
        "node-member-size",
        [("node.yaml", "{type: u32, host: reached", "{type: u16, host: reached")],
        """
node.yaml:18:22: error: "reached" (u16) cannot be the reached [node-member-size]
   18 |   reached:    {type: u16, host: reached, role: reached, doc: How many that stand on it were reached.}
      |                      ^^^ it must be u32
""",
        base=FLUSH,
    ),
    Case(
        "no-effect",
        [
            (
                "target.yaml",
                "    about: [table]\n    order: parents_first",
                "    about: [table]\n    order: parents_first\n    parent_failed: io_error",
            )
        ],
        """
target.yaml:69:5: error: "parent_failed" has no effect: "block" has one node [no-effect]
   69 |     parent_failed: io_error
      |     ^^^^^^^^^^^^^
""",
        base=FLUSH,
    ),
    Case(
        "undecided",
        [
            ("target.yaml", "    purge:   {refuse: bad_value}\n", ""),
            (
                "table.yaml",
                "      purge:\n        - {if: has_dependents, refuse: in_use}\n        - {to: free, status: success}\n",
                "",
            ),
        ],
        """
target.yaml:130:3: error: "purge": undecided in "unsure" and 3 other states of table, hop, flow [undecided]
  130 |   idle:
      |   ^^^^ say it in its when, or once for all: "idle" of the defaults
""",
        base=FLUSH,
    ),
    Case(
        "refused-as-good",
        [
            (
                "target.yaml",
                "    about: [table]\n    order: parents_first",
                "    about: [table]\n    others: success\n    order: parents_first",
            )
        ],
        """
target.yaml:68:13: error: "success" is a good status, and nothing is done for a node of another kind [refused-as-good]
   68 |     others: success
      |             ^^^^^^^
""",
        base=FLUSH,
    ),
    Case(
        "never-happens",
        [
            (
                "flow.yaml",
                "      purge:\n        - {to: free, status: success}\n",
                "      purge:\n        - {to: free, status: success}\n",
            ),
            (
                "target.yaml",
                "    about: [table]\n    order: parents_first",
                "    about: [hop]\n    order: parents_first",
            ),
        ],
        """
table.yaml:64:14: error: "block" never reaches "ready": it is about "hop" only [never-happens]
   64 |       block: {mark: blocked, send: block_table, to: blocking}
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=FLUSH,
    ),
    Case(
        "kept-taken-away",
        [
            (
                "hop.yaml",
                "drain: {send: flush_hop, to: drained}",
                "drain: [{if: has_dependents, refuse: bad_value}, {send: remove_hop, to: purging_too}]",
            ),
            (
                "hop.yaml",
                "  drained:\n",
                "  purging_too:\n    doc: It is removed.\n    busy: drain\n    when:\n      done:   {to: lost, status: success}\n      failed: {to: unsure, status: from_command}\n  drained:\n",
            ),
        ],
        """
hop.yaml:120:15: error: "drain" keeps objects of the kind hop, and takes this one away [kept-taken-away]
  120 |       done:   {to: lost, status: success}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^ take "hop" out of `keeps`
""",
        base=FLUSH,
    ),
    Case(
        "kept-taken-away",
        [("target.yaml", "    keeps: [table, hop]", "    keeps: [table, hop, flow]")],
        """
flow.yaml:119:15: error: "drain" keeps objects of the kind flow, and takes this one away [kept-taken-away]
  119 |       done:   {to: free, status: success}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^ take "flow" out of `keeps`
""",
        base=FLUSH,
    ),
    Case(
        "keeps-nothing",
        [
            (
                "target.yaml",
                "    about: [table]\n    order: parents_first",
                "    about: [table]\n    keeps: [hop]\n    order: parents_first",
            )
        ],
        """
target.yaml:68:5: error: "keeps" has no effect: "block" takes nothing away [keeps-nothing]
   68 |     keeps: [hop]
      |     ^^^^^
""",
        base=FLUSH,
    ),
    Case(
        "no-effect",
        [
            (
                "target.yaml",
                "    about: [table, hop]\n    order: dependents_first\n    results",
                "    about: [hop]\n    keeps: [table]\n    order: dependents_first\n    results",
            ),
            (
                "table.yaml",
                "      purge:\n        - {if: has_dependents, refuse: in_use}\n        - {send: remove_table, to: purging}\n",
                "",
            ),
            (
                "table.yaml",
                "      purge:\n        - {if: has_dependents, refuse: in_use}\n        - {to: free, status: success}\n",
                "",
            ),
            ("table.yaml", "    busy: purge\n", "    busy: destroy\n"),
            (
                "table.yaml",
                "{send: remove_table, to: removing}\n  changing",
                "{send: remove_table, to: purging}\n  changing",
            ),
        ],
        """
target.yaml:60:13: error: "purge" is not about table, and keeps none [no-effect]
   60 |     keeps: [table]
      |             ^^^^^
""",
        base=FLUSH,
    ),
    Case(
        "false-claim",
        [("target.yaml", "    keeps: [table, hop]\n", "    keeps: [table]\n")],
        """
hop.yaml:120:15: error: "ready" claims that the host has it, but after "done" in "drained" it does not have it [false-claim]
  120 |       done:   {to: ready, status: success}
      |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ if it is to stay: `keeps: [table, hop]`, at "drain"
""",
        base=FLUSH,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
