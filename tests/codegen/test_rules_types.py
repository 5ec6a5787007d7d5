# SPDX-License-Identifier: BSD-2-Clause
"""Rules: types whose values, bits, flags or bytes would be none."""

import pytest
from rule_case import Case

CASES = [
    Case(
        "wrong-type",
        [
            (
                "meter.yaml",
                "    owner:       {type: u32, host: Owner, at: 8, doc: Whom it is for; the hardware need not know.}",
                '    owner: {host: Owner, at: 8, doc: W., type: "u8[4]", flags: {a: 1}}',
            )
        ],
        """
meter.yaml:20:57: error: a u8[4] has no flags [wrong-type]
   20 |     owner: {host: Owner, at: 8, doc: W., type: "u8[4]", flags: {a: 1}}
      |                                                         ^^^^^
""",
        base="example",
    ),
    Case(
        "wrong-type",
        [
            (
                "meter.yaml",
                "    owner:       {type: u32, host: Owner, at: 8, doc: Whom it is for; the hardware need not know.}",
                '    owner: {host: Owner, at: 8, doc: W., type: "u8[1]", pulses: {a: 1}}',
            )
        ],
        """
meter.yaml:20:57: error: a u8[1] has no pulses [wrong-type]
   20 |     owner: {host: Owner, at: 8, doc: W., type: "u8[1]", pulses: {a: 1}}
      |                                                         ^^^^^^
""",
        base="example",
    ),
    Case(
        "wrong-type",
        [
            (
                "meter.yaml",
                "    owner:       {type: u32, host: Owner, at: 8, doc: Whom it is for; the hardware need not know.}",
                "    owner: {host: Owner, at: 8, doc: W., type: i32, bits: 0..3}",
            )
        ],
        """
meter.yaml:20:59: error: an i32 has no bits of its own [wrong-type]
   20 |     owner: {host: Owner, at: 8, doc: W., type: i32, bits: 0..3}
      |                                                           ^^^^
""",
        base="example",
    ),
    Case(
        "wrong-type",
        [
            (
                "target.yaml",
                "\nstatuses:  ",
                "\ntypes: {c: {is: u64, kept_as: moment, doc: C.}, d: {is: pointer, opaque: true, none: 0, doc: D.}, e: {is: u32, opaque: true, doc: E.}, f: {is: pointer, opaque: true, kept_as: moment, doc: F.}}\n\nstatuses:  ",
            )
        ],
        """
target.yaml:15:31: error: "kept_as" needs u32, the width of moments, not u64 [wrong-type]
   15 | types: {c: {is: u64, kept_as: moment, doc: C.}, d: {is: pointer, opaque: true, none: 0, doc: D.}, e: {is: u32, opaque: true, doc: E.}, f: {is: pointer, opaque: true, kept_as: moment, doc: F.}}
      |                               ^^^^^^
target.yaml:15:80: error: a pointer has no "none" [wrong-type]
   15 | types: {c: {is: u64, kept_as: moment, doc: C.}, d: {is: pointer, opaque: true, none: 0, doc: D.}, e: {is: u32, opaque: true, doc: E.}, f: {is: pointer, opaque: true, kept_as: moment, doc: F.}}
      |                                                                                ^^^^
target.yaml:15:120: error: "opaque" says nothing of u32 [wrong-type]
   15 | types: {c: {is: u64, kept_as: moment, doc: C.}, d: {is: pointer, opaque: true, none: 0, doc: D.}, e: {is: u32, opaque: true, doc: E.}, f: {is: pointer, opaque: true, kept_as: moment, doc: F.}}
      |                                                                                                                        ^^^^
target.yaml:15:176: error: "kept_as" says nothing of a pointer [wrong-type]
   15 | types: {c: {is: u64, kept_as: moment, doc: C.}, d: {is: pointer, opaque: true, none: 0, doc: D.}, e: {is: u32, opaque: true, doc: E.}, f: {is: pointer, opaque: true, kept_as: moment, doc: F.}}
      |                                                                                                                                                                                ^^^^^^
""",
        base="example",
    ),
    Case(
        "wrong-type",
        [
            (
                "target.yaml",
                "\nstatuses:  ",
                "\ntypes: {a: {is: u8, enum: {x: 9}, doc: A.}}\n\nstatuses:  ",
            ),
            (
                "meter.yaml",
                "    owner:       {type: u32, host: Owner, at: 8, doc: Whom it is for; the hardware need not know.}",
                "    owner: {host: Owner, at: 8, doc: W., type: a, bits: 0..2}",
            ),
        ],
        """
meter.yaml:20:57: error: "x" of a (9) does not fit these bits [wrong-type]
   20 |     owner: {host: Owner, at: 8, doc: W., type: a, bits: 0..2}
      |                                                         ^^^^
""",
        base="example",
    ),
    Case(
        "wrong-type",
        [
            (
                "neighbor.yaml",
                "  const:\n",
                "  const:\n    where: {type: ip_address, host: Where, at: 40, doc: W.}\n",
            ),
            (
                "neighbor.yaml",
                "NEIGHBOR_OFFLOAD_STATE_CONST,     bytes: 44",
                "NEIGHBOR_OFFLOAD_STATE_CONST,     bytes: 48",
            ),
        ],
        """
neighbor.yaml:16:19: error: ip_address names bytes by variant, and the object has no variants [wrong-type]
   16 |     where: {type: ip_address, host: Where, at: 40, doc: W.}
      |                   ^^^^^^^^^^
""",
        base="chimney",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
