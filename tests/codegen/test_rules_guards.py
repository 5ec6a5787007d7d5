# SPDX-License-Identifier: BSD-2-Clause
"""Rules: guards that nobody may forget."""

import pytest
from rule_case import RICH, Case

CASES = [
    Case(
        "guard-forgotten-dependents",
        [
            (
                "gate.yaml",
                "tell: is_spent}]\n      terminate:\n        - {if: has_dependents, refuse: bad}\n",
                "tell: is_spent}]\n      terminate:\n",
            ),
        ],
        """
gate.yaml:77:11: error: "terminate" takes the gate away without asking for dependents [guard-forgotten-dependents]
   77 |         - {send: remove_gate, to: removing}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a flow may link to it; before this arm: {if: has_dependents, refuse: ...}
""",
        base=RICH,
    ),
    Case(
        "guard-forgotten-link",
        [
            (
                "flow.yaml",
                "      initiate:\n        - {if: new_link_unusable, refuse: bad}\n",
                "      initiate:\n",
            ),
        ],
        """
flow.yaml:92:11: error: "initiate" links to a gate without asking whether it is usable [guard-forgotten-link]
   92 |         - {send: add_flow, to: adding}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: {if: new_link_unusable, refuse: ...}
""",
        base=RICH,
    ),
    Case(
        "guard-forgotten-link",
        [
            (
                "flow.yaml",
                "        - {if: link_unusable, stay: true}\n",
                "",
            ),
        ],
        """
flow.yaml:160:11: error: "restore" links to a gate without asking whether it is usable [guard-forgotten-link]
  160 |         - {send: add_flow, to: restoring}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: {if: link_unusable, stay: true}
""",
        base=RICH,
    ),
    Case(
        "guard-forgotten-link",
        [
            ("flow.yaml", "        - {if: link_unusable, stay: true}\n", ""),
            ("target.yaml", "not: link_unusable}", "marked: invalid, where: along_links}"),
            (
                "target.yaml",
                "  link_unusable:     {doc: Its gate is of no use., link: present, is: unusable}\n",
                "",
            ),
        ],
        """
flow.yaml:160:11: error: "restore" links to a gate without asking whether it is usable [guard-forgotten-link]
  160 |         - {send: add_flow, to: restoring}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ before this arm: stay, if a condition {link: present, is: unusable} holds
""",
        base=RICH,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
