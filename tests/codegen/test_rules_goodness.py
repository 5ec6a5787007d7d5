# SPDX-License-Identifier: BSD-2-Clause
"""Rules: a good status only where something took effect, in every table that names one."""

import pytest
from rule_case import FLUSH, KEYS, RICH, Case

DONE = "  success:   {value: 0,    host: FWD_OK, good: true, doc: Done.}\n"
PARTLY = '  partial:   {value: 1,    host: FWD_PARTIAL, good: true, doc: "Done, but not on all that stands on it."}\n'

CASES = [
    Case(
        "refused-as-good",
        [("target.yaml", "others: wrong", "others: success")],
        """
target.yaml:40:13: error: "success" is a good status, and nothing is done for a node of another kind [refused-as-good]
   40 |     others: success
      |             ^^^^^^^
""",
        base=KEYS,
    ),
    Case(
        "refused-as-good",
        [("target.yaml", "stale_handle: bad_value ", "stale_handle: success ")],
        """
target.yaml:62:15: error: "success" is a good status, and nothing is done for a node that names no object [refused-as-good]
   62 | stale_handle: success                    # the handle names no meter
      |               ^^^^^^^
""",
    ),
    Case(
        "refused-as-good",
        [("meter.yaml", "pool: {full: no_memory}", "pool: {full: success}")],
        """
meter.yaml:6:14: error: "success" is a good status, and nothing is done for a meter for which there is no room [refused-as-good]
    6 | pool: {full: success}
      |              ^^^^^^^
""",
    ),
    Case(
        "refused-as-good",
        [("target.yaml", "parent_failed: bad", "parent_failed: good")],
        """
target.yaml:39:20: error: "good" is a good status, and nothing is done for a node whose parent failed [refused-as-good]
   39 |     parent_failed: good
      |                    ^^^^
""",
        base=RICH,
    ),
    Case(
        "refused-as-good",
        [("target.yaml", "refuse: {initiate: bad}", "refuse: {initiate: good}")],
        """
target.yaml:121:73: error: "good" is a good status, and nothing is done for "initiate" in "removed" [refused-as-good]
  121 |   removed: {doc: The hardware is gone., resets: all, refuse: {initiate: good}}
      |                                                                         ^^^^
""",
        base=RICH,
    ),
    Case(
        "bad-result-as-good",
        [
            (
                "target.yaml",
                "reaches: new\n    order: any\n    brings: [const, cached]\n    results: {others: io_error}",
                "reaches: new\n    order: any\n    brings: [const, cached]\n    results: {timeout: success, others: io_error}",
            )
        ],
        """
target.yaml:31:24: error: the bad result "timeout" becomes "success", a good status [bad-result-as-good]
   31 |     results: {timeout: success, others: io_error}
      |                        ^^^^^^^
""",
    ),
    Case(
        "bad-result-as-good",
        [("flow.yaml", "answers: [bad, full]", "answers: [bad, partly]")],
        """
flow.yaml:50:20: error: the bad result "partly" becomes the good status of that name under "initiate" [bad-result-as-good]
   50 |     answers: [bad, partly]
      |                    ^^^^^^
""",
        base=RICH,
    ),
    Case(
        "bad-result-as-good",
        [("target.yaml", "host: ETIMEDOUT,  doc", "host: ETIMEDOUT, good: true, doc")],
        """
target.yaml:22:51: error: "timeout" is good, but the bad result of that name becomes it under "create" [bad-result-as-good]
   22 |   timeout:   {value: -110, host: ETIMEDOUT, good: true, doc: The hardware did not answer.}
      |                                                   ^^^^
""",
    ),
    Case(
        "roll-up-lies",
        [
            (
                "target.yaml",
                "{role: reference, own: bad, status: bad}",
                "{role: reference, own: bad, status: good}",
            )
        ],
        """
target.yaml:47:45: error: this line gives "good", a good status, to a reference node whose object failed [roll-up-lies]
   47 |       - {role: reference, own: bad, status: good}
      |                                             ^^^^ own: good, or status: own
""",
        base=RICH,
    ),
    Case(
        "roll-up-lies",
        [
            (
                "target.yaml",
                "{role: new, own: good, dependents: some_bad, status: partly}",
                "{role: new, own: good, dependents: some_bad, status: bad}",
            )
        ],
        """
target.yaml:45:62: error: this line gives "bad", a bad status, to a new node for which all was done [roll-up-lies]
   45 |       - {role: new, own: good, dependents: some_bad, status: bad}
      |                                                              ^^^
""",
        base=RICH,
    ),
    Case(
        "first-good-status",
        [("target.yaml", DONE + PARTLY, PARTLY + DONE)],
        """
target.yaml:11:3: error: "partial" is the first good status, and no arm of "create" gives it [first-good-status]
   11 |   partial:   {value: 1,    host: FWD_PARTIAL, good: true, doc: "Done, but not on all that stands on it."}
      |   ^^^^^^^ nodes get it that ask for nothing; write "success" before it
""",
        base=FLUSH,
    ),
    Case(
        "first-good-status",
        [
            (
                "target.yaml",
                DONE,
                DONE.replace("success", "at_once").replace("FWD_OK", "FWD_NOW")
                + DONE.replace("0, ", "2, "),
            ),
            (
                "target.yaml",
                "    statuses: [success, partial, io_error, again",
                "    statuses: [at_once, success, partial, io_error, again",
            ),
        ],
        """
target.yaml:11:3: error: "at_once" is the first good status, and no arm of "create" gives it [first-good-status]
   11 |   at_once:   {value: 0,    host: FWD_NOW, good: true, doc: Done.}
      |   ^^^^^^^ nodes get it that ask for nothing; write "success" before it
""",
        base=FLUSH,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rule(case):
    case.run()
