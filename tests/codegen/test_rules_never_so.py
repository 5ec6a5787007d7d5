# SPDX-License-Identifier: BSD-2-Clause
"""Rules: questions that have one answer by the way a target is made."""

import pytest
from helpers import diagnose
from rule_case import FLUSH, KEYS, Case

NEW = "        - {if: new_link_unusable, refuse: again}\n        - {send: add_flow"
CASES = [
    Case(
        "wrong-question",
        [("flow.yaml", NEW, "        - {if: is_blocked, refuse: bad_value}\n" + NEW)],
        """
flow.yaml:49:16: error: "is_blocked" cannot be asked on "create": a flow that is new bears no mark [wrong-question]
   49 |         - {if: is_blocked, refuse: bad_value}
      |                ^^^^^^^^^^
""",
        base=FLUSH,
    ),
    Case(
        "wrong-question",
        [
            (
                "target.yaml",
                "{marked: blocked, doc: N",
                "{marked: blocked, where: along_links, doc: N",
            ),
            ("flow.yaml", NEW, "        - {if: is_blocked, refuse: bad_value}\n" + NEW),
        ],
        """
flow.yaml:49:16: error: "is_blocked" cannot be asked on "create": a flow that is new bears no mark, and its links are laid when its command is issued [wrong-question]
   49 |         - {if: is_blocked, refuse: bad_value}
      |                ^^^^^^^^^^ of what it is to link to ask {link: new, is: unusable}
""",
        base=FLUSH,
    ),
    Case(
        "wrong-question",
        [("flow.yaml", NEW, "        - {if: link_unusable, refuse: again}\n" + NEW)],
        """
flow.yaml:49:16: error: "link_unusable" cannot be asked on "create": a flow that is new has no link yet [wrong-question]
   49 |         - {if: link_unusable, refuse: again}
      |                ^^^^^^^^^^^^^ of what it is to link to ask {link: new, is: unusable}
""",
        base=FLUSH,
    ),
    Case(
        "wrong-question",
        [
            (
                "table.yaml",
                "        - {send: add_table, to: creating}",
                "        - {if: has_dependents, refuse: bad_value}\n        - {send: add_table, to: creating}",
            )
        ],
        """
table.yaml:43:16: error: "has_dependents" cannot be asked on "create": nothing links to a table that is new [wrong-question]
   43 |         - {if: has_dependents, refuse: bad_value}
      |                ^^^^^^^^^^^^^^
""",
        base=FLUSH,
    ),
    Case(
        "wrong-question",
        [
            ("table.yaml", "{mark: blocked, send: block_table", "{send: block_table"),
            ("target.yaml", "{mark: blocked, defer: true}", "{defer: true}"),
        ],
        """
table.yaml:61:16: error: "is_blocked" cannot be asked on "modify": no arm of "table" sets "blocked" [wrong-question]
   61 |         - {if: is_blocked, refuse: bad_value}
      |                ^^^^^^^^^^
""",
        base=FLUSH,
    ),
    Case(
        "secret-not-kept",
        [("sa.yaml", "in: [create, rekey]", "in: [rekey]")],
        """
sa.yaml:25:11: error: "add_sa" carries the secret "key", and no sa is made with it [secret-not-kept]
   25 |       in: [rekey]
      |           ^^^^^^^ in: [create, rekey]
""",
        base=KEYS,
    ),
    Case(
        "pulse-not-cached",
        [
            (
                "meter.yaml",
                "{type: u32, host: Port, at: 0, doc: The port it limits.}",
                "{type: u32, host: Port, at: 0, pulses: {begin: 1}, doc: The port it limits.}",
            )
        ],
        """
meter.yaml:16:42: error: "port" is const: no update brings its pulses [pulse-not-cached]
   16 |     port: {type: u32, host: Port, at: 0, pulses: {begin: 1}, doc: The port it limits.}
      |                                          ^^^^^^ flags, or a cached variable
""",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()


def test_marks_that_others_set_are_found_along_links():
    along = (
        "target.yaml",
        "{marked: blocked, doc: N",
        "{marked: blocked, where: along_links, doc: N",
    )
    alone = ("flow.yaml", "{mark: blocked, send: block_flow", "{send: block_flow")
    assert diagnose([along, alone], FLUSH) == ""
