# SPDX-License-Identifier: BSD-2-Clause
"""./dev on machines of stubs: what is wrong behind a word is said at once."""

import pytest
from machine import MODULES, Machine


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


WRONG = """
graph tcp | fuzz hosts | fuzz host 9 9 | fuzz 9x | fuzz host -1 | fuzz compiler 0 | demo nothing
demo ndis extra | demo --shrot | demo linux --shrot | demo flow 1 | demo tls abc | demo tls 1 0
demo ipsec 1 2 3 | simulate --seeds abc | simulate --seeds 10O | simulate --seeds 0 | simulate --jobs 65
simulate 7 | bench --quik | bench --json | test --help-me | coverage it | docs x
"""


@pytest.mark.parametrize("words", WRONG.strip().replace("\n", " | ").split(" | "))
def test_wrong_words_are_said_before_anything_is_built(machine, words):
    machine.debian(MODULES)
    done = machine.dev(*words.split())
    assert done.returncode == 2 and done.stderr.startswith("usage: ./dev "), done.stderr
    assert not machine.calls("cmake") and not machine.calls("apt-get")


RIGHT = "fuzz compiler 9 | demo --short | demo tls 1 2 | simulate --seed 7 --trace --json | bench --quick"


@pytest.mark.parametrize("words", RIGHT.split(" | "))
def test_right_words_are_taken(machine, words):
    machine.debian(MODULES)
    assert "usage:" not in machine.dev(*words.split()).stderr
