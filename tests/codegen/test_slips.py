# SPDX-License-Identifier: BSD-2-Clause
"""One mistake, one finding: a share of the sweep of slips (slip_sweep.py), within some seconds.

By hand more of them: FLUE_SECONDS=600 FLUE_SEED=2.
"""

import os

from slip_sweep import SPECS, lots, sweep, table

SEED = os.environ.get("FLUE_SEED", "1")
SECONDS = float(os.environ.get("FLUE_SECONDS", "2"))
SMALL = [name for name in SPECS if name.endswith(("example", "keys", "carries"))]

# What people forget or take for another, with the place.
ONE = {
    ("left out: an arm", "states.*.when.done"),
    ("another value: busy", "states.*.busy"),
    ("left out: a key", "operations.*.brings"),
    ("two items swapped", "objects[]"),
    ("left out: a key", "commands.*.hardware"),
    ("left out: a key of an arm", "states.*.when.done.status"),
    ("another value: changed", "update.plan[].changed[]"),
}


def test_of_what_is_forgotten_most_one_thing_is_said():
    done = sweep(lots(SMALL, 6, SEED, lambda slip: (slip.kind, slip.of) in ONE), SECONDS, least=12)
    several = [each.text for each in done if len(each.found) > 1]
    assert len({each.slip.kind for each in done}) == len({kind for kind, _ in ONE})
    assert not several, several[0]


def test_of_slips_of_all_kinds_few_things_are_said():
    found = lots(SMALL, 2, SEED, lambda slip: True)
    assert len(found.seen) > 60
    done = sweep(found, SECONDS, least=40)
    several = [each for each in done if len(each.found) > 1]
    assert len(done) >= 40
    assert len(several) * 6 <= len(done), table(done)
