# SPDX-License-Identifier: BSD-2-Clause
"""Rules: what would end the program if the check let it pass (docs/debugging.md)."""

import pytest
from rule_case import LINKS, RICH, TOGETHER, Case

# Of what is lost a request that is done together has nothing to tell: it waits for the others only.
NOTED = """  noted:
    doc: Nothing is to be told.
    busy: rekey
    waits: true
    when:
      commit: {to: %s, status: success}
      abort:  {to: %s, status: from_command}
  restoring:
"""

CASES = [
    Case(
        "guard-forgotten-busy",
        [("target.yaml", "busy: [initiate, terminate]}", "busy: [initiate]}")],
        """
target.yaml:99:86: error: a gate can be linked to while it is busy with "terminate", after which it may be gone [guard-forgotten-busy]
   99 | unusable: {marked: [invalid], where: along_links, hardware: [has_not, unsure], busy: [initiate]}
      |                                                                                      ^^^^^^^^^^ unusable: {busy: [..., terminate]}
""",
        base=RICH,
    ),
    # Taken back, too, what is not there yet goes: unless the order gives nobody a turn before it is.
    Case(
        "guard-forgotten-busy",
        [
            (
                "target.yaml",
                "    order: parents_first\n    parent_failed: canceled\n",
                "    order: any\n",
            ),
            ("target.yaml", "  busy: [create, destroy, repair, nobody]\n", ""),
        ],
        """
target.yaml:96:1: error: a port can be linked to while it is busy with "create" or "destroy", after which it may be gone [guard-forgotten-busy]
   96 | unusable:
      | ^^^^^^^^ unusable: {busy: [..., create, destroy]}
""",
        base=LINKS,
    ),
    # A link moves there, too, with the commit.
    Case(
        "guard-forgotten-link",
        [
            ("policy.yaml", "      restore:\n", "      rekey: {to: noted}\n      restore:\n"),
            ("policy.yaml", "  restoring:\n", NOTED % ("lost", "lost")),
        ],
        """
policy.yaml:123:14: error: "rekey" links to a sa without asking whether it is usable [guard-forgotten-link]
  123 |       rekey: {to: noted}
      |              ^^^^^^^^^^^ before this arm: {if: new_link_unusable, refuse: ...}
""",
        base=TOGETHER,
    ),
    # A link moves with the commit, too, that is waited for.
    Case(
        "relink-unsure",
        [
            (
                "policy.yaml",
                "    rest: {host: has, hardware: unsure}\n    when:\n",
                """    rest: {host: has, hardware: unsure}
    when:
      rekey:
        - {if: new_link_unusable, refuse: again}
        - {to: noted}
""",
            ),
            ("policy.yaml", "  restoring:\n", NOTED % ("unsure", "unsure")),
        ],
        """
policy.yaml:120:11: error: "rekey" may move the link "sa" of a policy, of which nobody knows what the hardware has [relink-unsure]
  120 |         - {to: noted}
      |           ^^^^^^^^^^^
""",
        base=TOGETHER,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
