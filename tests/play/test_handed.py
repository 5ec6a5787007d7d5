# SPDX-License-Identifier: BSD-2-Clause
"""`flue play`: elements of transfers; the transcript of tests/transfers is works.out."""

import pytest

from flue.play.lexicon import PlayError


# A line, and a word of what is said against it.
HANDED = {
    "transfer": "transfer NAME.TRANSFER [COUNT] [WORD=N]",
    "transfer a": 'unknown transfer of a lane ""; known: write, barrier, loan, read',
    "transfer a.wrte": 'unknown transfer of a lane "wrte"; did you mean "write"?',
    "transfer b.write": 'no object is called "b"; there are: a',
    "transfer lane.write": 'no object is called "lane"',
    "transfer a.write x": '"x" is no number up to 96',
    "transfer a.write 97": '"97" is no number up to 96',
    "transfer a.write 0": '"0" is',
    "transfer a.write 95": "there is no room: elements are out, or too many at once",
    "transfer a.write depth_wanted=1": 'unknown number that write passes "depth_wanted"',
    "transfer a.barrier depth_wanted=0x1": '"0x1" is no number up to 4294967295',
    "finish": "finish ELEMENT [STATUS]",
    "finish a": '"a" is no number up to',
    "finish 1 fialed": 'unknown status "fialed"; did you mean "failed"?',
    "finish 3": "the device never had 3, or that is long ago",
    "finish 99": "the device never had 99, or that is long ago",
}


@pytest.fixture(scope="module")
def lanes(opened):
    """Two elements in the device, one waits: nobody takes it while the lane is busy."""
    session = opened("works")
    for line in ("open lane a", "transfer a.write 2", "late tune_lane", "tune a depth=1"):
        session.do(line)
    session.do("transfer a.barrier")
    return session


@pytest.mark.parametrize("line", HANDED)
def test_what_cannot_be_handed_over_or_finished_changes_nothing(lanes, line):
    before = lanes.do("show")
    with pytest.raises(PlayError) as said:
        lanes.do(line)
    assert HANDED[line] in str(said.value)
    assert lanes.do("show") == before
    assert before[-1] == "    transfers: write 1 2 in the device, barrier 3 waits"


def test_elements_have_numbers_for_ever_and_places_again(opened):
    """More than can be out at once, one after the other; what came back long ago is not known."""
    session = opened("works")
    session.do("open lane a")
    for number in range(1, 200):
        assert f"=> write {number} of a is back: failed" in [
            *session.do("transfer a.write"),
            *session.do(f"finish {number} failed"),
        ]
    with pytest.raises(PlayError, match="or that is long ago"):
        session.do("finish 103")
    assert session.do("finish 104") == [
        "    device: write 104 of a is done: ok, which is not believed"
    ]
    session.do("transfer a.write 96")
    with pytest.raises(PlayError, match="no room"):
        session.do("transfer a.read")
    said = "".join(session.do("reset"))
    assert said.count("is back: lost") == 96 and "transfers" not in said
