# SPDX-License-Identifier: BSD-2-Clause
"""Rules: guards that nobody may forget."""

import pytest
from rule_case import Case

CASES = [
    Case(
        "guard-forgotten-dependents",
        [
            (
                "path.yaml",
                "invalidating}\n"
                "      terminate:\n"
                "        - {if: has_dependents, refuse: failure}\n",
                "invalidating}\n      terminate:\n",
            ),
        ],
        """
path.yaml:75:11: error: "terminate" takes the path away without asking for dependents [guard-forgotten-dependents]
   75 |         - {send: remove_path, to: terminating}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a tcp may link to it: refuse before this arm
""",
        base="chimney",
    ),
    Case(
        "guard-forgotten-link",
        [
            (
                "tcp.yaml",
                "        - {if: new_link_unusable, refuse: failure}\n",
                "",
            ),
        ],
        """
tcp.yaml:182:11: error: "initiate" links to a path without asking whether it is usable [guard-forgotten-link]
  182 |         - {send: add_tcp, to: offloading}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ refuse before this arm on link: new, is: unusable
""",
        base="chimney",
    ),
    Case(
        "guard-forgotten-link",
        [
            (
                "path.yaml",
                "        - {if: link_unusable, stay: true}\n",
                "",
            ),
        ],
        """
path.yaml:115:11: error: "restore" links to a neighbor without asking whether it is usable [guard-forgotten-link]
  115 |         - {send: add_path, to: restoring}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ refuse before this arm on link: present, is: unusable
target.yaml:141:3: warning: nothing asks the condition "link_unusable" [unused-condition]
  141 |   link_unusable:
      |   ^^^^^^^^^^^^^
""",
        base="chimney",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
