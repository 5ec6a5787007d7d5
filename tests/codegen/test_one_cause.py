# SPDX-License-Identifier: BSD-2-Clause
"""What is forgotten or put in another order brings about much that is wrong elsewhere: said is the slip alone, at its place."""

import pytest
from helpers import diagnose

FLUSH, LINKS, UPLINKS = "../tests/flush/spec", "../tests/links/spec", "../tests/codegen/uplinks"

# Name, spec, edits, and what is said.
SLIPS = [
    (
        "the done arm of an operation that takes objects away",
        FLUSH,
        [
            (
                "flow.yaml",
                "    busy: drain\n    when:\n      done:   {to: free, status: success}\n",
                "    busy: drain\n    when:\n",
            )
        ],
        """
flow.yaml:115:3: error: "draining" of flow does not decide "done" [undecided]
  115 |   draining:
      |   ^^^^^^^^ say it in its when, or once for all: "busy" or "busy.drain" of the defaults
""",
    ),
    (
        "busy with another operation",
        FLUSH,
        [("flow.yaml", "    busy: drain\n", "    busy: purge\n")],
        """
flow.yaml:117:11: error: "drain" leads from "ready" to "draining", which is busy with "purge", but "drain" is owed [wrong-operation]
  117 |     busy: purge
      |           ^^^^^ busy: drain
""",
    ),
    (
        "hardware: has_not, of a command by which an operation takes objects away",
        FLUSH,
        [("flow.yaml", "hardware: has_not, ", "")],
        """
flow.yaml:36:3: error: "free" claims that the hardware does not have it, but after "done" in "undoing" it may or may not have it [false-claim]
   36 |   remove_flow: {on_failure: unchanged, answers: [io_error], doc: Give it up.}
      |   ^^^^^^^^^^^ hardware: has_not, if it does that
""",
    ),
    (
        "what an operation brings",
        "flow",
        [
            (
                "target.yaml",
                "    order: any\n    brings: [cached]\n    results: {others: io_error}\n    statuses: [success, no_entry, io_error, again, no_space, unsupported, timeout]\n",
                "    order: any\n    results: {others: io_error}\n    statuses: [success, no_entry, io_error, again, no_space, unsupported, timeout]\n",
            )
        ],
        """
target.yaml:54:3: error: "update" brings nothing that could have changed, and "offloaded" plans it [plan-without-update]
   54 |   update:
      |   ^^^^^^ brings: [cached]
""",
    ),
    (
        "an object before several that it links to",
        "flow",
        [
            (
                "target.yaml",
                "objects: [table, hop, meter, rule]",
                "objects: [table, rule, hop, meter]",
            )
        ],
        """
target.yaml:6:18: error: rule links to hop and meter, listed after it [wrong-layer-link]
    6 | objects: [table, rule, hop, meter]         # what is stood on comes first
      |                  ^^^^ what is linked to comes first
""",
    ),
    (
        "an object behind several that link to it",
        FLUSH,
        [("target.yaml", "objects: [table, hop, flow]", "objects: [hop, flow, table]")],
        """
target.yaml:6:22: error: hop and flow link to table, which is listed after [wrong-layer-link]
    6 | objects: [hop, flow, table]
      |                      ^^^^^
""",
    ),
    (
        "the links that a command carries",
        LINKS,
        [("sa.yaml", "carries: [const, cached, link]", "carries: [const, cached]")],
        """
sa.yaml:26:14: warning: no command carries the links: hardware never knows the port and the key of a sa [unused-variable]
   26 |     carries: [const, cached]
      |              ^^^^^^^^^^^^^^^ carries: [..., link], of "add_sa"
""",
    ),
    (
        "all that is set when an object is made",
        UPLINKS,
        [
            (
                "uplink.yaml",
                "        to: down\n        status: done\n        set: {failures: 0, wished: down, seen: 0, limit: patience, does: down, rate: 0}\n",
                "        to: down\n        status: done\n",
            )
        ],
        """
uplink.yaml:54:9: error: the host gets a uplink of which "does", "rate", "failures", "wished", "seen", "limit" are not set [set-first]
   54 |         to: down
      |         ^ set: {does: ..., rate: ..., failures: ..., wished: ..., seen: ..., limit: ...}
""",
    ),
    (
        "a guard behind the arm that is always taken",
        FLUSH,
        [
            (
                "table.yaml",
                "destroy:\n        - {if: has_dependents, refuse: in_use}\n        - {send: remove_table, to: removing}\n  changing",
                "destroy:\n        - {send: remove_table, to: removing}\n        - {if: has_dependents, refuse: in_use}\n  changing",
            )
        ],
        """
table.yaml:72:11: error: this arm of "destroy" is never tried: the one before it always fits [arm-never-tried]
   72 |         - {if: has_dependents, refuse: in_use}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
    ),
    (
        "a const in the plan instead of what may change",
        "flow",
        [("rule.yaml", "changed: [hop, meter, timeout]", "changed: [hop, meter, priority]")],
        """
rule.yaml:62:30: error: "priority" is const: the host cannot change it [update-not-cached]
   62 |     - {changed: [hop, meter, priority], send: write_rule}
      |                              ^^^^^^^^
""",
    ),
]


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: slip[0])
def test_the_slip_alone_is_said(slip):
    _, base, edits, said = slip
    assert diagnose(edits, base) == said.lstrip("\n")
