# SPDX-License-Identifier: BSD-2-Clause
"""Where each value comes from that a command carries: a test for each cell of the table in
spec/reference.md, "Where the values come from". carries/driver.c is compiled, run once, and read."""

import glob
import os
import subprocess

import pytest
from helpers import ROOT, Report, load

from flue.backends.c.generate import generate

HERE = os.path.dirname(os.path.abspath(__file__))
RUNTIME = os.environ.get("FLUE_RUNTIME", f"{ROOT}/runtime")  # or a copy with a bug in it
FLAGS = "-std=c11 -Wall -Wextra -Wconversion -Werror -g -fsanitize=address,undefined".split()

# Letters as driver.c explains them: b is what made the object, c what changes it, h and i are the
# hardware's, "-" is nothing; what had the place before (a) is in no cell.
COLUMNS = {
    "const": ["address", "size"],
    "made": ["secret", "code"],  # a const and a cached that are there where a box is made, only
    "put": ["made", "maker"],  # an age and a pointer that are there in one of the two ways
    "cached": ["weight", "label", "color"],
    "flag": ["open"],
    "age": ["seen"],
    "delegated": ["number", "chain"],
    "link": ["link"],
    "device": ["mark"],
    "below": ["shelf_mark"],  # in capitals once the shelf has been put back
}
ROWS = """
verb    command  const made put cached flag age delegated link device below
put     add      b     b    b   b      x    b   -         b     .      b
put     remove   b     b    b   b      x    b   -         b     .      .
pass    add      b     b    -   b      x    b   b         b     .      b
pass    remove   b     b    -   b      x    b   b         b     .      .
puts    add      b     b    b   b      x    b   -         b     .      b
puts    paint    .     .    .   b      x    b   .         b     h      b
unput   remove   b     b    b   b      x    b   h         b     .      .
passes  add      b     b    -   b      x    b   b         b     .      b
passes  paint    .     .    .   b      x    b   .         b     h      b
unpass  remove   b     b    -   b      x    b   h         b     .      .
send    stop     b     .    .   b      x    b+  h         b     h      b
send    remove   b     -    -   b      x    b+  h         b     .      .
change  write    .     .    .   c      -    c   .         c     h      c
change  paint    .     .    .   c      -    c   .         c     h      c
undo    write    .     .    .   b      x    b+  .         b     h      b
undo    strip    .     .    .   c      -    c   .         c     h      c
restore add      b     b    b   b      x    b+  h         b     .      B
restore remove   b     b    b   b      x    b+  h         b     .      .
take    remove   b     -    -   b      x    b+  i         b     .      .
"""
HEAD, *LINES = [line.split() for line in ROWS.strip().splitlines()]
CELLS = [
    (line[0], line[1], member, letter)
    for line in LINES
    for column, letter in zip(HEAD[2:], line[2:])
    for member in COLUMNS[column]
]
# Ages have grown by the time of a restore.
CELLS = [(*c[:3], "b+") if c[::2] == ("restore", "made") else c for c in CELLS]
CELLS += [(*line[:2], "variant", "x") for line in LINES]
CELLS += [("change", "write", "kick", "x"), ("undo", "write", "kick", "-")]
# What an answer brings goes behind a node of an operation that is about its class, and no other.
CELLS += [("answer", "put", "number", "b"), ("answer", "take", "number", "z")]
# Nobody else reads what is not there: a query and an indication do not tell it, a change does not
# follow, compare or keep it.
NOT_THERE = {
    "seen": {"size": "b", "secret": "q", "weight": "b", "code": "q", "made": "g+", "maker": "q"},
    "told": {"size": "b", "secret": "-", "weight": "b", "code": "-", "made": "-", "maker": "-"},
    "add": {"size": "b", "secret": "b", "weight": "b", "code": "b", "made": "b+", "maker": "b"},
}
CELLS += [("there", how, *member) for how, told in NOT_THERE.items() for member in told.items()]


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    out = tmp_path_factory.mktemp("carries")
    report = Report()
    target = load(os.path.join(HERE, "carries"), report)
    assert target, report.text()
    generate(target, str(out))
    sources = [os.path.join(HERE, "carries", "driver.c"), *glob.glob(f"{out}/*.c")]
    sources += sorted(glob.glob(f"{RUNTIME}/src/*.c"))
    include = [f"-I{RUNTIME}/include", f"-I{out}"]
    done = subprocess.run(
        ["gcc", *FLAGS, *include, *sources, "-o", f"{out}/driver"], capture_output=True, text=True
    )
    assert done.stderr == ""
    leaks = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0"}  # the host keeps its trees
    ran = subprocess.run([f"{out}/driver"], capture_output=True, text=True, env=leaks)
    assert (ran.returncode, ran.stderr) == (0, "")
    found: dict[tuple, list[str]] = {}
    for line in ran.stdout.splitlines():
        verb, command, member, letter = line.split()
        found.setdefault((verb, command, member), []).append(letter)
    return found


@pytest.mark.parametrize(
    "verb, command, member, letter", CELLS, ids=lambda word: word if len(word) > 2 else ""
)
def test_each_value_comes_from_where_the_reference_says(seen, verb, command, member, letter):
    expected = None if letter == "." else [letter]
    assert seen.get((verb, command, member)) == expected


def test_a_change_of_what_is_not_there_is_told_nobody(seen):
    commands = {command for verb, command, _ in seen if verb == "there"}
    assert commands == {*NOT_THERE, "paint"}  # every change paints; none of its lines counts here


def test_no_value_of_the_former_owner_is_anywhere(seen):
    assert not [key for key, letters in seen.items() if "a" in letters]
