# SPDX-License-Identifier: BSD-2-Clause
"""Rules: what conditions may ask of the objects that links lead to."""

import pytest
from rule_case import NUMBERS, Case

IPSEC = "ipsec"
SEALS_IN = "{compare: in_sa.direction, is: equal, with: out,"

CASES = [
    Case(
        "wrong-type",
        [("policy.yaml", SEALS_IN, "{compare: in_sa.packets, is: above, with: 0,")],
        """
policy.yaml:52:24: error: "in_sa.packets" is delegated: of a sa only const, cached and machine are asked about [wrong-type]
   52 |   seals_in:  {compare: in_sa.packets, is: above, with: 0, doc: What comes in would be sealed.}
      |                        ^^^^^^^^^^^^^
""",
        base=IPSEC,
        shown=True,
    ),
    Case(
        "wrong-type",
        [("policy.yaml", SEALS_IN, "{compare: action, is: equal, with: in_sa.source,")],
        """
policy.yaml:52:49: error: "in_sa.source" is of type u8[16], and only whole numbers are compared [wrong-type]
   52 |   seals_in:  {compare: action, is: equal, with: in_sa.source, doc: What comes in would be sealed.}
      |                                                 ^^^^^^^^^^^^
""",
        base=IPSEC,
    ),
    Case(
        "wrong-type",
        [("policy.yaml", SEALS_IN, "{compare: in_sa.direction, is: equal, with: out_sa.mode,")],
        """
policy.yaml:52:58: error: "in_sa.direction" (direction) cannot be compared with "out_sa.mode" (esp_mode): their values mean different things [wrong-type]
   52 |   seals_in:  {compare: in_sa.direction, is: equal, with: out_sa.mode, doc: What comes in would be sealed.}
      |                                                          ^^^^^^^^^^^
""",
        base=IPSEC,
    ),
    Case(
        "wrong-type",
        [("policy.yaml", SEALS_IN, "{compare: in_sa.direction, is: equal, with: 256,")],
        """
policy.yaml:52:58: error: 256 does not fit "in_sa.direction" (direction) [wrong-type]
   52 |   seals_in:  {compare: in_sa.direction, is: equal, with: 256, doc: What comes in would be sealed.}
      |                                                          ^^^
""",
        base=IPSEC,
    ),
    Case(
        "wrong-type",
        [("policy.yaml", SEALS_IN, "{flags: in_sa.offload, has_all: [crypto],")],
        """
policy.yaml:52:22: error: "in_sa.offload" has no flags [wrong-type]
   52 |   seals_in:  {flags: in_sa.offload, has_all: [crypto], doc: What comes in would be sealed.}
      |                      ^^^^^^^^^^^^^
""",
        base=IPSEC,
    ),
    Case(
        "wrong-type",
        [
            ("sa.yaml", "sequence_high: {type: u32,", "sequence_high: {type: u32, in: advance,"),
            ("policy.yaml", SEALS_IN, "{compare: in_sa.sequence_high, is: above, with: 7,"),
        ],
        """
policy.yaml:52:24: error: of "sequence_high" a sa has no value: what makes it brings none [wrong-type]
   52 |   seals_in:  {compare: in_sa.sequence_high, is: above, with: 7, doc: What comes in would be sealed.}
      |                        ^^^^^^^^^^^^^^^^^^^
""",
        base=IPSEC,
    ),
    Case(
        "secret-compared",
        [
            ("sa.yaml", 'salt:          {type: "u8[4]",', "salt:          {type: u32,"),
            ("policy.yaml", SEALS_IN, "{compare: in_sa.salt, is: equal, with: 0,"),
        ],
        """
policy.yaml:52:24: error: "in_sa.salt" is a secret: no condition asks for it [secret-compared]
   52 |   seals_in:  {compare: in_sa.salt, is: equal, with: 0, doc: What comes in would be sealed.}
      |                        ^^^^^^^^^^
""",
        base=IPSEC,
    ),
    Case(
        "wrong-question",
        [
            (
                "target.yaml",
                "    brings: [const, cached]\n    results",
                "    brings: [const]\n    results",
            ),
        ],
        """
policy.yaml:69:16: error: "seals_in", which "wrong_way" is made of, cannot be asked on "add": "add" brings no link "in_sa", and the object has none yet [wrong-question]
   69 |         - {if: wrong_way, refuse: bad_value}
      |                ^^^^^^^^^
""",
        base=IPSEC,
    ),
    Case(
        "wrong-type",
        [
            (
                "target.yaml",
                "  numbers:   {is",
                "  age: {is: u32, kept_as: moment, doc: Time gone by.}\n  numbers:   {is",
            ),
            (
                "sa.yaml",
                "replay_window: {type: u32, unit: bits,",
                "replay_window: {type: age,",
            ),
            ("policy.yaml", SEALS_IN, "{compare: in_sa.replay_window, is: above, with: 7,"),
        ],
        """
policy.yaml:52:24: error: "in_sa.replay_window" is an age: only the sa itself asks how long ago that was [wrong-type]
   52 |   seals_in:  {compare: in_sa.replay_window, is: above, with: 7, doc: What comes in would be sealed.}
      |                        ^^^^^^^^^^^^^^^^^^^
""",
        base=IPSEC,
    ),
    Case(
        "wrong-type",
        [
            (
                "entry.yaml",
                "{compare: place, is: above, with: 60000",
                "{compare: table.id, is: above, with: 60000",
            )
        ],
        """
entry.yaml:172:34: error: "table.id" is device: of a table only const, cached and machine are asked about [wrong-type]
  172 | conditions: {far_away: {compare: table.id, is: above, with: 60000, doc: It takes long to find there.}}
      |                                  ^^^^^^^^
""",
        base=NUMBERS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
