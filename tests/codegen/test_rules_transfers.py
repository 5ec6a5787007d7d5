# SPDX-License-Identifier: BSD-2-Clause
"""Rules: transfers go where the hardware has the object, and each has its way back."""

import pytest
from rule_case import TRANSFERS, Case
from test_model_transfers import AGED, RENEWED

CASES = [
    Case(
        "wrong-transfer",
        [
            ("lane.yaml", "    completion: written\n", ""),
        ],
        """
lane.yaml:37:3: error: "write" has no "completion" [wrong-transfer]
   37 |   write:
      |   ^^^^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            ("lane.yaml", "    lent: true\n", "    lent: true\n    refused: invalid\n"),
        ],
        """
lane.yaml:58:5: error: "loan" is the driver's own: it has no "refused" [wrong-transfer]
   58 |     refused: invalid
      |     ^^^^^^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            (
                "lane.yaml",
                "    in: works\n    accepted",
                "    in: [works, forgotten]\n    accepted",
            ),
        ],
        """
lane.yaml:40:5: error: "forgotten" is no state in which the hardware has the object [wrong-transfer]
   40 |     in: [works, forgotten]
      |     ^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            ("lane.yaml", "    in: works\n    accepted", "    in: [works, opening]\n    accepted"),
        ],
        """
lane.yaml:40:5: error: in "opening" the hardware may not have the object yet [wrong-transfer]
   40 |     in: [works, opening]
      |     ^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            ("lane.yaml", "    in: works\n    accepted", "    in: [works, closing]\n    accepted"),
        ],
        """
lane.yaml:40:5: error: in "closing" the object is on its way out of the hardware [wrong-transfer]
   40 |     in: [works, closing]
      |     ^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            ("lane.yaml", "    in: works\n    accepted", "    in: [works, unsure]\n    accepted"),
        ],
        """
lane.yaml:40:5: error: "unsure" is no state in which the hardware has the object [wrong-transfer]
   40 |     in: [works, unsure]
      |     ^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            (
                "lane.yaml",
                "    in: ready\n    accepted",
                "    in: ready\n    after: barrier\n    accepted",
            ),
        ],
        """
lane.yaml:62:5: error: "barrier" has no order of its own: say the one that it goes with [wrong-transfer]
   62 |     after: barrier
      |     ^^^^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            (
                "lane.yaml",
                "    in: ready\n    accepted",
                "    in: ready\n    after: loan\n    accepted",
            ),
        ],
        """
lane.yaml:62:5: error: "loan" is the driver's own [wrong-transfer]
   62 |     after: loan
      |     ^^^^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            ("lane.yaml", "    refused: invalid\n    ending", "    refused: ok\n    ending"),
        ],
        """
lane.yaml:43:5: error: "ok" is good, but nothing was done [wrong-transfer]
   43 |     refused: ok
      |     ^^^^^^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            ("lane.yaml", "    ending: leaving", "    ending: ok"),
        ],
        """
lane.yaml:44:5: error: "ok" is good, but nothing was done [wrong-transfer]
   44 |     ending: ok
      |     ^^^^^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            (
                "lane.yaml",
                "    returned: given\n    reset: lost\n  barrier",
                "    returned: ok\n    reset: lost\n  barrier",
            ),
        ],
        """
lane.yaml:45:5: error: "ok" is good, but nothing was done [wrong-transfer]
   45 |     returned: ok
      |     ^^^^^^^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            ("lane.yaml", "    reset: lost\n  barrier", "    reset: ok\n  barrier"),
        ],
        """
lane.yaml:46:5: error: "ok" is good, but nothing was done [wrong-transfer]
   46 |     reset: ok
      |     ^^^^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            ("lane.yaml", "    statuses: [failed]", "    statuses: [failed, ok]"),
        ],
        """
lane.yaml:42:5: error: "ok" is good, but nothing was done [wrong-transfer]
   42 |     statuses: [failed, ok]
      |     ^^^^^^^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            ("node.yaml", "  mark: 16", "  mark: 12"),
        ],
        """
node.yaml:27:3: error: 0xc is no multiple of 8 [wrong-transfer]
   27 |   mark: 12
      |   ^^^^
node.yaml:27:3: error: 0xc lies over "handle" at 0x8 [wrong-transfer]
   27 |   mark: 12
      |   ^^^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            ("node.yaml", "  status: 40", "  status: 36"),
        ],
        """
node.yaml:24:3: error: 0x24 lies over "next" at 0x20 [wrong-transfer]
   24 |   status: 36
      |   ^^^^^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            (
                "node.yaml",
                "chain:\n  struct: works_item\n  doc: A piece of work.\n  next: 32\n  status: 40\n  link: 24\n  handle: 8\n  mark: 16\n\n",
                "",
            ),
        ],
        """
tap.yaml:37:3: error: "transfers" are chains of what "chain" in the node's file describes [wrong-transfer]
   37 |   watch:
      |   ^^^^^
""",
        base=TRANSFERS,
    ),
    Case(
        "wrong-transfer",
        [
            ("lane.yaml", "    in: works\n    accepted", "    in: [works, stranded]\n    accepted"),
        ],
        """
lane.yaml:40:5: error: "stranded" is no state in which the hardware has the object [wrong-transfer]
   40 |     in: [works, stranded]
      |     ^^
""",
        base=TRANSFERS,
    ),
    Case(
        "transfers-lost",
        AGED,
        """
lane.yaml:92:20: error: "add_lane" adds a lane that the hardware may have had: what was handed over is lost [transfers-lost]
   92 |       aged: {send: add_lane, to: restoring}
      |                    ^^^^^^^^ a state of rest with hardware: has_not between
""",
        base=TRANSFERS,
    ),
    Case(
        "transfers-lost",
        RENEWED,
        """
lane.yaml:97:22: error: "add_lane" adds a lane that the hardware may have had: what was handed over is lost [transfers-lost]
   97 |       done:   {send: add_lane, to: coming}
      |                      ^^^^^^^^ a state of rest with hardware: has_not between
""",
        base=TRANSFERS,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_bad_spec(case):
    case.run()
