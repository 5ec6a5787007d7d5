# SPDX-License-Identifier: BSD-2-Clause
"""Rules: warnings about what nothing uses."""

import pytest
from rule_case import LINKS, RICH, Case

CASES = [
    Case(
        "unused-command",
        [
            (
                "meter.yaml",
                "  read_count: ",
                "  probe:        {doc: Nobody sends it.}\n  read_count: ",
            ),
        ],
        """
meter.yaml:37:3: warning: nothing sends the command "probe" [unused-command]
   37 |   probe:        {doc: Nobody sends it.}
      |   ^^^^^
""",
    ),
    Case(
        "unused-condition",
        [
            (
                "target.yaml",
                "conditions:\n",
                "conditions:\n  is_gone: {link: present, is: unusable, doc: Nobody asks.}\n",
            ),
        ],
        """
target.yaml:65:3: warning: nothing asks the condition "is_gone" [unused-condition]
   65 |   is_gone: {link: present, is: unusable, doc: Nobody asks.}
      |   ^^^^^^^
""",
    ),
    Case(
        "unused-condition",
        [
            (
                "gate.yaml",
                "conditions:\n",
                "conditions:\n  old: {older: [confirmed], than: patience, doc: Nobody asks.}\n",
            ),
        ],
        """
gate.yaml:42:3: warning: nothing asks the condition "old" [unused-condition]
   42 |   old: {older: [confirmed], than: patience, doc: Nobody asks.}
      |   ^^^
""",
        base=RICH,
    ),
    Case(
        "unused-status",
        [
            (
                "target.yaml",
                "  timeout:   {value: -110",
                "  again: {value: -11, host: EAGAIN, doc: Nobody gives it.}\n"
                "  timeout:   {value: -110",
            ),
        ],
        """
target.yaml:22:3: warning: no operation allows the status "again" [unused-status]
   22 |   again: {value: -11, host: EAGAIN, doc: Nobody gives it.}
      |   ^^^^^
""",
    ),
    Case(
        "unused-variable",
        [
            ("meter.yaml", "carries: [port, rate_kbps", "carries: [rate_kbps"),
        ],
        """
meter.yaml:16:5: warning: no command carries the variable "port" [unused-variable]
   16 |     port: {type: u32, host: Port, at: 0, doc: The port it limits.}
      |     ^^^^
""",
    ),
    Case(
        "unused-mark",
        [
            (
                "target.yaml",
                "conditions:\n",
                "marks:\n  tired: {ends: with_object, doc: Nobody sets it.}\n\nconditions:\n",
            ),
        ],
        """
target.yaml:65:3: warning: nothing sets the mark "tired" [unused-mark]
   65 |   tired: {ends: with_object, doc: Nobody sets it.}
      |   ^^^^^
""",
    ),
    Case(
        "unused-mark",
        [
            (
                "target.yaml",
                "conditions:\n",
                "marks:\n  tired: {ends: with_object, doc: Nobody asks for it.}\n\nconditions:\n",
            ),
            ("target.yaml", "    reset:    {to: lost}", "    reset:    {to: lost, mark: tired}"),
        ],
        """
target.yaml:65:3: warning: nothing asks for the mark "tired" [unused-mark]
   65 |   tired: {ends: with_object, doc: Nobody asks for it.}
      |   ^^^^^
""",
    ),
    Case(
        "unused-group",
        [
            (
                "flow.yaml",
                "groups:\n",
                "groups:\n  quiet: [lost, corrupt]\n",
            ),
        ],
        """
flow.yaml:80:10: warning: nothing uses the group "quiet" [unused-group]
   80 |   quiet: [lost, corrupt]
      |          ^^^^^^^^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "unused-type",
        [
            (
                "target.yaml",
                "statuses:  ",
                "types:\n  span: {is: u32, unit: bytes, doc: Nobody has one.}\n\nstatuses:  ",
            ),
        ],
        """
target.yaml:16:3: warning: nothing is of the type "span" [unused-type]
   16 |   span: {is: u32, unit: bytes, doc: Nobody has one.}
      |   ^^^^
""",
    ),
    Case(
        "unused-parameter",
        [
            (
                "target.yaml",
                "statuses:  ",
                "parameters:\n  patience: {type: u32, doc: Nobody reads it.}\n\nstatuses:  ",
            ),
        ],
        """
target.yaml:16:3: warning: nothing uses the parameter "patience" [unused-parameter]
   16 |   patience: {type: u32, doc: Nobody reads it.}
      |   ^^^^^^^^
""",
    ),
    Case(
        "unused-call",
        [
            (
                "target.yaml",
                "calls:\n",
                "calls:\n  rich_shout: {doc: Nobody shouts., passes: [code]}\n",
            ),
        ],
        """
target.yaml:124:3: warning: no indication is made by the call "rich_shout" [unused-call]
  124 |   rich_shout: {doc: Nobody shouts., passes: [code]}
      |   ^^^^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "unused-variable",
        [("tcp.yaml", "delegated, link]", "delegated]")],
        """
tcp.yaml:116:14: warning: no command carries the link: hardware never knows the path of a tcp [unused-variable]
  116 |     carries: [const, cached, delegated]
      |              ^^^^^^^^^^^^^^^^^^^^^^^^^^ carries: [..., link], of "add_tcp"
""",
        base="chimney",
    ),
    Case(
        "unused-variable",
        [("sa.yaml", "[const, cached, link]", "[const, cached, port]")],
        """
sa.yaml:26:14: warning: no command carries the link: hardware never knows the key of a sa [unused-variable]
   26 |     carries: [const, cached, port]
      |              ^^^^^^^^^^^^^^^^^^^^^ carries: [..., key], of "add_sa"
""",
        base=LINKS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
