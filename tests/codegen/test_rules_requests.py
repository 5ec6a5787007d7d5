# SPDX-License-Identifier: BSD-2-Clause
"""Rules: what a request says of itself is known as long as the request is."""

import pytest
from rule_case import QUEUE, Case

DRAIN = "{carries: [request], undo: none, doc: Throw away what waits.}"

CASES = [
    Case(
        "request-not-kept",
        [
            (
                "line.yaml",
                "      withdraw: {send: remove_queue, to: removing}\n  changing",
                "      withdraw: {send: drain_queue, to: removing}\n  changing",
            ),
        ],
        """
line.yaml:95:24: error: "drain_queue" carries "left", which "withdraw" does not bring [request-not-kept]
   95 |       withdraw: {send: drain_queue, to: removing}
      |                        ^^^^^^^^^^^
""",
        base=QUEUE,
    ),
    Case(
        "request-not-kept",
        [
            ("target.yaml", "brings: [const, cached]", "brings: [const, cached, request]"),
        ],
        """
target.yaml:34:29: error: "create" makes objects, which keep what they are made with [request-not-kept]
   34 |     brings: [const, cached, request]
      |                             ^^^^^^^
""",
        base=QUEUE,
    ),
    Case(
        "request-not-kept",
        [
            (
                "line.yaml",
                "carries: [rate, burst, service, early]",
                "carries: [rate, burst, service, early, left]",
            ),
        ],
        """
line.yaml:38:11: error: "write_rate" carries "left", of which nobody keeps an old value [request-not-kept]
   38 |     undo: old_values
      |           ^^^^^^^^^^
""",
        base=QUEUE,
    ),
    Case(
        "request-not-kept",
        [
            (
                "line.yaml",
                "    carries: [const, cached]\n",
                "    carries: [const, cached, haste]\n",
            ),
        ],
        """
line.yaml:68:18: error: "add_queue" carries "haste", which "create" does not bring [request-not-kept]
   68 |         - {send: add_queue, to: adding}
      |                  ^^^^^^^^^
line.yaml:131:18: error: "add_queue" carries "haste", and on "restore" there is no node [request-not-kept]
  131 |         - {send: add_queue, to: restoring}
      |                  ^^^^^^^^^
""",
        base=QUEUE,
    ),
    Case(
        "wrong-question",
        [
            (
                "line.yaml",
                "        - {if: too_fast, stay: true}",
                "        - {if: too_many, stay: true}",
            ),
        ],
        """
line.yaml:130:16: error: "too_many" cannot be asked on "restore": of "left" the object has no value: what makes it brings none [wrong-question]
  130 |         - {if: too_many, stay: true}
      |                ^^^^^^^^
""",
        base=QUEUE,
    ),
    Case(
        "update-not-cached",
        [
            ("line.yaml", "changed: [rate, burst,", "changed: [left, rate, burst,"),
        ],
        """
line.yaml:44:18: error: "left" is request: the host cannot change it [update-not-cached]
   44 |     - {changed: [left, rate, burst, service, early], send: write_rate}
      |                  ^^^^
""",
        base=QUEUE,
    ),
    Case(
        "state-used",
        [
            ("node.yaml", "drain: request", "drain: cached"),
        ],
        """
node.yaml:22:58: error: "drain" brings or returns request, but uses cached of what follows a node [state-used]
   22 | state_used: {create: all, modify: cached_request, drain: cached, withdraw: none}
      |                                                          ^^^^^^ drain: cached_request
""",
        base=QUEUE,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_said(case):
    case.run()
