# SPDX-License-Identifier: BSD-2-Clause
"""An age that is held against a variable: a time of the object's own."""

import pytest
from rule_case import QUEUE, Case

WAITING = [
    ("target.yaml", "types:", "types:\n  age: {is: u32, kept_as: moment, doc: Time gone by.}"),
    (
        "line.yaml",
        "    early:  ",
        "    since: {type: age, host: Since, doc: Nobody used it for so long.}\n    early:  ",
    ),
    (
        "line.yaml",
        "carries: [rate, burst, service, early]",
        "carries: [rate, burst, service, early, since]",
    ),
    (
        "line.yaml",
        "changed: [rate, burst, service, early]",
        "changed: [rate, burst, service, early, since]",
    ),
    (
        "line.yaml",
        "        - {if: urgent, refuse: invalid}",
        "        - {if: unused, refuse: invalid}\n        - {if: urgent, refuse: invalid}",
    ),
]
UNUSED = [("line.yaml", "conditions:", "conditions:\n  unused: {older: since, than: fastest}")]


def bad(older, than):
    return [
        ("line.yaml", "conditions:", f"conditions:\n  unused: {{older: {older}, than: {than}}}")
    ]


CASES = [
    Case(
        "wrong-type",
        WAITING + bad("rate", "fastest"),
        """
line.yaml:48:19: error: "rate" is of type u32, not an age [wrong-type]
   48 |   unused: {older: rate, than: fastest}
      |                   ^^^^
""",
        base=QUEUE,
    ),
    Case(
        "wrong-type",
        WAITING + bad("since", "service"),
        """
line.yaml:48:32: error: "service" is of type service and cannot be compared with an age [wrong-type]
   48 |   unused: {older: since, than: service}
      |                                ^^^^^^^
""",
        base=QUEUE,
    ),
    Case(
        "wrong-type",
        WAITING + bad("[since, early]", "fastest"),
        """
line.yaml:48:27: error: "fastest" is a variable: one age is held against it [wrong-type]
   48 |   unused: {older: [since, early], than: fastest}
      |                           ^^^^^ all_of two conditions
""",
        base=QUEUE,
    ),
    Case(
        "wrong-type",
        WAITING + bad("since", "early"),
        """
line.yaml:48:32: error: "since" (age) cannot be compared with "early" (skew): one of them has a sign [wrong-type]
   48 |   unused: {older: since, than: early}
      |                                ^^^^^
""",
        base=QUEUE,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_said(case):
    case.run()
