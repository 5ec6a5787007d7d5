# SPDX-License-Identifier: BSD-2-Clause
"""Marks of models: printed, or followed by whoever takes part (tests/tie)."""

import sys
from pathlib import Path

import pytest

from flue.backends.promela.catalogue import QUICK, protocols
from flue.backends.promela.marks import PRINTED

sys.path.append(str(Path(__file__).parents[1] / "tie"))

from accept_objects import pack, unpack  # noqa: E402
from accept_slots import acceptance_of_slots  # noqa: E402
from follow import Followed  # noqa: E402


def test_a_mark_is_printed_with_its_numbers():
    assert PRINTED.mark("end") == r'printf("@end\n")'
    assert PRINTED.mark("send", "o", "cc") == r'printf("@send %d %d\n", o, cc)'
    assert PRINTED.mark("phase", "1") == r'printf("@phase 1\n")'


def test_a_model_that_follows_prints_nothing_and_claims_nothing():
    text = acceptance_of_slots().text
    assert "printf" not in text and "monitor" not in text
    assert text.count("visible(") == 8 and text.count("NEXT(") == 6


@pytest.mark.parametrize("sort", range(3))
def test_who_takes_part_where_no_template_has_a_place_is_told(sort):
    turns = dict.fromkeys(("full", "issued", "answered", "over", "begun", "ended"), "true")
    given = [{"issue": "skip"}, {"answered": "skip"}, turns]
    good = Followed(*given)
    (slots,) = [m.text for m in protocols(QUICK, good) if m.letter == "C"]
    assert slots in good.text(slots)
    given[sort] = given[sort] | {"nowhere": "skip"}
    bad = Followed(*given)
    (slots,) = [m.text for m in protocols(QUICK, bad) if m.letter == "C"]
    with pytest.raises(AssertionError, match="no template has .*nowhere"):
        bad.text(slots)


@pytest.mark.parametrize("arm", [0, 255, 256, 300, 65535])
def test_a_word_of_a_life_has_room_for_as_many_arms_as_a_trace(arm):
    word = (2, 41, arm)
    assert unpack(pack(*word)) == word and pack(*word) < 1 << 31


def test_a_word_that_does_not_fit_is_no_other_word():
    with pytest.raises(AssertionError):
        pack(2, 4096, 1)
