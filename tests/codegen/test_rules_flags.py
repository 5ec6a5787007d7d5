# SPDX-License-Identifier: BSD-2-Clause
"""Rules: what can be asked of the bits of a variable."""

import pytest
from rule_case import VERBS, Case

SAYS_HOW = "{flags: attr_mask, has_any: [new_access, new_retry]}"

CASES = [
    Case(
        "wrong-type",
        [
            (
                "qp.yaml",
                "{flags: own.access, has_any: [may_read, may_write]",
                "{flags: path, has_any: [may_read]",
            )
        ],
        """
qp.yaml:55:23: error: "path" has no flags [wrong-type]
   55 |   open:       {flags: path, has_any: [may_read], doc: The other end may do something.}
      |                       ^^^^
""",
        base=VERBS,
    ),
    Case(
        "wrong-type",
        [
            (
                "qp.yaml",
                "type_codes: {const: 1, cached: 2, all: 3, request: 4, cached_request: 5}",
                "type_codes:\n  old: {const: 1, cached: 2, all: 3, request: 4, cached_request: 5}\n  new: {const: 11, cached: 12, all: 13, request: 14, cached_request: 15}",
            ),
            ("qp.yaml", "host: Access,", "host: Access, only: new,"),
        ],
        """
qp.yaml:57:23: error: "access" is there for "new" only, and has no flags in others [wrong-type]
   57 |   open:       {flags: own.access, has_any: [may_read, may_write], doc: The other end may do something.}
      |                       ^^^^^^^^^^
""",
        base=VERBS,
    ),
    Case(
        "same-answer",
        [("qp.yaml", SAYS_HOW, "{flags: attr_mask, has_all: [new_path], has_only: [new_access]}")],
        """
qp.yaml:54:3: error: "says_how" never holds [same-answer]
   54 |   says_how:   {flags: attr_mask, has_all: [new_path], has_only: [new_access]}
      |   ^^^^^^^^
""",
        base=VERBS,
    ),
    Case(
        "wrong-question",
        [
            (
                "qp.yaml",
                "      create: {send: make_qp, to: making}",
                "      create:\n        - {if: open, refuse: no_qp}\n        - {send: make_qp, to: making}",
            ),
        ],
        """
qp.yaml:68:16: error: "open" cannot be asked on "create": the object has no "access" of its own yet [wrong-question]
   68 |         - {if: open, refuse: no_qp}
      |                ^^^^
""",
        base=VERBS,
    ),
    Case(
        "arm-never-tried",
        [
            (
                "qp.yaml",
                "        - {if: not_init, refuse: invalid}",
                "        - {if: fits_ready, refuse: no_qp}\n        - {if: late, refuse: invalid}\n"
                "        - {if: not_init, refuse: invalid}",
            ),
            (
                "qp.yaml",
                "conditions:\n",
                "conditions:\n  late: {flags: attr_mask, has_all: [new_path], has_only: [new_path, new_retry]}\n",
            ),
        ],
        """
qp.yaml:87:11: error: this arm of "modify" is never tried: no answers to "fits_ready", "late" lead to it [arm-never-tried]
   87 |         - {if: late, refuse: invalid}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=VERBS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_bad_spec(case):
    case.run()
