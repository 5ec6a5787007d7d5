# SPDX-License-Identifier: BSD-2-Clause
"""Rules: what can be compared with what, and where."""

import pytest
from rule_case import QUEUE, Case

TOO_FAST = "{compare: rate, is: above, with: most_kbps"
TOO_DEEP = "{compare: depth, is: at_least, with: most_deep"
TOO_EARLY = "{compare: early, is: at_most, with: -1000"
NO_BURST = "{compare: burst, is: below, with: 1500"
URGENT = "{compare: service, is: equal, with: urgent"
SERVICE = "{type: service, host: Service,"

CASES = [
    Case(
        "wrong-type",
        [
            ("line.yaml", SERVICE, '{type: "u8[4]", host: Service,'),
            ("line.yaml", URGENT, "{compare: service, is: equal, with: 2"),
            ("line.yaml", "own.service, is: equal, with: bulk", "own.service, is: equal, with: 0"),
        ],
        """
line.yaml:52:25: error: "service" is of type u8[4], and only whole numbers are compared [wrong-type]
   52 |   urgent:     {compare: service, is: equal, with: 2, doc: Nothing waits for it.}
      |                         ^^^^^^^ the same at line.yaml:54:49, line.yaml:55:25
""",
        base=QUEUE,
    ),
    Case(
        "wrong-type",
        [
            ("line.yaml", SERVICE, "{type: service, flags: {fast: 1}, host: Service,"),
        ],
        """
line.yaml:52:25: error: "service" is made of flags, and only whole numbers are compared [wrong-type]
   52 |   urgent:     {compare: service, is: equal, with: urgent, doc: Nothing waits for it.}
      |                         ^^^^^^^ the same at line.yaml:54:49, line.yaml:55:25
""",
        base=QUEUE,
    ),
    Case(
        "wrong-type",
        [
            ("line.yaml", TOO_DEEP, "{compare: depth, is: at_least, with: 64"),
        ],
        """
line.yaml:49:52: error: 64 does not fit "depth" (u8, bits 0..5) [wrong-type]
   49 |   too_deep:   {compare: depth, is: at_least, with: 64, doc: Nobody would wait for its end.}
      |                                                    ^^
""",
        base=QUEUE,
    ),
    Case(
        "wrong-type",
        [
            ("line.yaml", TOO_EARLY, "{compare: early, is: at_most, with: 40000"),
        ],
        """
line.yaml:56:51: error: 40000 does not fit "early" (skew) [wrong-type]
   56 |   too_early:  {compare: early, is: at_most, with: 40000, doc: "Before it is known, that is."}
      |                                                   ^^^^^
""",
        base=QUEUE,
    ),
    Case(
        "wrong-type",
        [
            ("line.yaml", TOO_EARLY, "{compare: early, is: at_most, with: port"),
        ],
        """
line.yaml:56:51: error: "early" (skew) cannot be compared with "port" (u16): one of them has a sign [wrong-type]
   56 |   too_early:  {compare: early, is: at_most, with: port, doc: "Before it is known, that is."}
      |                                                   ^^^^
""",
        base=QUEUE,
    ),
    Case(
        "wrong-type",
        [
            ("line.yaml", URGENT, "{compare: service, is: equal, with: depth"),
        ],
        """
line.yaml:52:51: error: "service" (service) cannot be compared with "depth" (u8, bits 0..5): their values mean different things [wrong-type]
   52 |   urgent:     {compare: service, is: equal, with: depth, doc: Nothing waits for it.}
      |                                                   ^^^^^
""",
        base=QUEUE,
    ),
    Case(
        "wrong-type",
        [
            ("target.yaml", "most_kbps: {type: u32,", "most_kbps: {type: u64,"),
        ],
        """
line.yaml:47:48: error: "most_kbps" is of type u64, and parameters that are compared have 32 bits [wrong-type]
   47 |   too_fast:   {compare: rate, is: above, with: most_kbps, doc: The driver lets none be as fast.}
      |                                                ^^^^^^^^^
""",
        base=QUEUE,
    ),
    Case(
        "wrong-type",
        [
            ("target.yaml", "units: {kbps:", "units: {bytes: Bytes., kbps:"),
            ("line.yaml", "{type: u64, host: Burst,", "{type: u64, unit: bytes, host: Burst,"),
            ("line.yaml", NO_BURST, "{compare: burst, is: below, with: rate"),
        ],
        """
line.yaml:50:49: error: "burst" (u64 in bytes) cannot be compared with "rate" (u32 in kbps): their units differ [wrong-type]
   50 |   no_burst:   {compare: burst, is: below, with: rate, doc: Not even one packet could pass.}
      |                                                 ^^^^
""",
        base=QUEUE,
    ),
    Case(
        "wrong-question",
        [
            (
                "line.yaml",
                "        - {if: too_deep, refuse: invalid}",
                "        - {if: was_bulk, refuse: invalid}\n        - {if: too_deep, refuse: invalid}",
            ),
        ],
        """
line.yaml:67:16: error: "was_bulk" cannot be asked on "create": the object has no "service" of its own yet [wrong-question]
   67 |         - {if: was_bulk, refuse: invalid}
      |                ^^^^^^^^
""",
        base=QUEUE,
    ),
    Case(
        "wrong-question",
        [
            (
                "line.yaml",
                "        - {if: urgent, refuse: invalid}",
                "        - {if: faster, refuse: invalid}\n        - {if: urgent, refuse: invalid}",
            ),
        ],
        """
line.yaml:91:16: error: "faster" cannot be asked on "drain": "rate" of the node is the object's own, as nothing brings another [wrong-question]
   91 |         - {if: faster, refuse: invalid}
      |                ^^^^^^
""",
        base=QUEUE,
    ),
    Case(
        "wrong-question",
        [
            ("target.yaml", "brings: [const, cached]", "brings: [cached]"),
        ],
        """
target.yaml:34:5: error: "create" brings no const variables, which 5 places need [wrong-question]
   34 |     brings: [cached]
      |     ^^^^^^ brings: [cached, const]; first line.yaml:66:16
""",
        base=QUEUE,
    ),
    Case(
        "same-answer",
        [
            ("line.yaml", NO_BURST, "{compare: burst, is: at_least, with: 0"),
        ],
        """
line.yaml:50:3: error: "no_burst" always holds [same-answer]
   50 |   no_burst:   {compare: burst, is: at_least, with: 0, doc: Not even one packet could pass.}
      |   ^^^^^^^^
""",
        base=QUEUE,
    ),
    Case(
        "same-answer",
        [
            ("line.yaml", TOO_FAST, "{compare: rate, is: equal, with: rate"),
        ],
        """
line.yaml:47:3: error: "too_fast" always holds [same-answer]
   47 |   too_fast:   {compare: rate, is: equal, with: rate, doc: The driver lets none be as fast.}
      |   ^^^^^^^^
""",
        base=QUEUE,
    ),
    Case(
        "arm-never-tried",
        [
            (
                "line.yaml",
                "        - {if: urgent, refuse: invalid}",
                "        - {if: prompt, refuse: invalid}\n        - {if: urgent, refuse: invalid}",
            ),
            (
                "line.yaml",
                "conditions:\n",
                "conditions:\n  prompt: {compare: service, is: at_least, with: normal}\n",
            ),
        ],
        """
line.yaml:93:11: error: this arm of "drain" is never tried: no answers to "prompt", "urgent" lead to it [arm-never-tried]
   93 |         - {if: urgent, refuse: invalid}
      |           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
""",
        base=QUEUE,
    ),
    Case(
        "unused-parameter",
        [
            ("line.yaml", TOO_DEEP, "{compare: depth, is: at_least, with: 7"),
        ],
        """
target.yaml:15:3: warning: nothing uses the parameter "most_deep" [unused-parameter]
   15 |   most_deep: {type: u8, doc: Queues that are deeper hold what nobody waits for any more.}
      |   ^^^^^^^^^
""",
        base=QUEUE,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_said(case):
    case.run()
