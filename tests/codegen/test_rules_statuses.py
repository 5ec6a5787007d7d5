# SPDX-License-Identifier: BSD-2-Clause
"""Rules: statuses fit their operation."""

import pytest
from rule_case import KEYS, RICH, Case

CASES = [
    Case(
        "status-not-allowed",
        [("target.yaml", "others: wrong", "others: no_room")],
        """
target.yaml:40:13: error: "no_room" is not a status of "rekey" [status-not-allowed]
   40 |     others: no_room
      |             ^^^^^^^ allowed: "success", "io_error", "bad", "wrong"
""",
        base=KEYS,
    ),
    Case(
        "status-not-allowed",
        [
            ("target.yaml", "modify:   {refuse: bad_value}", "modify:   {refuse: no_memory}"),
        ],
        """
target.yaml:69:24: error: "no_memory" is not a status of "modify" [status-not-allowed]
   69 |     modify:   {refuse: no_memory}
      |                        ^^^^^^^^^ allowed: "success", "io_error", "timeout", "bad_value"
""",
    ),
    Case(
        "status-not-allowed",
        [
            ("target.yaml", "stale_handle: bad_value", "stale_handle: no_space"),
            ("meter.yaml", "{full: no_memory}", "{full: busy_port}"),
        ],
        """
target.yaml:62:15: error: "no_space" is not a status of "modify" [status-not-allowed]
   62 | stale_handle: no_space                    # the handle names no meter
      |               ^^^^^^^^ allowed: "success", "io_error", "timeout", "bad_value"
""",
    ),
    Case(
        "status-without-value",
        [
            (
                "target.yaml",
                "statuses: [good, partly, bad, full]",
                "statuses: [good, partly, bad, full, secret, waiting]",
            ),
        ],
        """
target.yaml:42:41: error: "secret" has no known value: "initiate" cannot complete with it [status-without-value]
   42 |     statuses: [good, partly, bad, full, secret, waiting]
      |                                         ^^^^^^
target.yaml:42:49: error: "waiting" is the driver's only: "initiate" cannot complete with it [status-without-value]
   42 |     statuses: [good, partly, bad, full, secret, waiting]
      |                                                 ^^^^^^^
""",
        base=RICH,
    ),
    Case(
        "refused-as-good",
        [
            ("target.yaml", "modify:   {refuse: bad_value}", "modify:   {refuse: success}"),
        ],
        """
target.yaml:69:24: error: "success" is a good status and refuses nothing [refused-as-good]
   69 |     modify:   {refuse: success}
      |                        ^^^^^^^
""",
    ),
    Case(
        "status-not-allowed",
        [
            (
                "target.yaml",
                "      - {role: placeholder, status: good}",
                "      - {role: placeholder, status: own}",
            ),
            (
                "target.yaml",
                "  good:    {value: 0,",
                "  fine:    {value: 7, host: FINE, good: true, doc: Fine.}\n  good:    {value: 0,",
            ),
        ],
        """
target.yaml:45:37: error: "fine" is not a status of "initiate" [status-not-allowed]
   45 |       - {role: placeholder, status: own}
      |                                     ^^^ allowed: "good", "partly", "bad", "full"
""",
        base=RICH,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
