# SPDX-License-Identifier: BSD-2-Clause
"""The check of who calls whom finds what it is made for."""

from layers import calls, circles, order_of, upward

LISTING = """\
lib.a[low.c.o]: low_do T 0 1b
lib.a[low.c.o]: helper t 20 4
lib.a[mid.c.o]: mid_do T 0 10
lib.a[mid.c.o]: low_do U
lib.a[mid.c.o]: memcpy U
lib.a[high.c.o]: high_do T 0 10
lib.a[high.c.o]: mid_do U
"""
BACK = "lib.a[low.c.o]: mid_do U\n"
HEADER = "/* low.c: words */\n/* mid.c */\n/* high.c: words. more.c: words */\n"


def test_calls_downward_are_good():
    assert order_of(HEADER) == ["low.c", "mid.c", "high.c", "more.c"]
    assert upward(calls(LISTING), order_of(HEADER)) == []
    assert circles(calls(LISTING)) == []


def test_a_call_upward_is_found():
    found = upward(calls(LISTING + BACK), order_of(HEADER))
    assert found == ["low.c calls mid_do of mid.c, which is above it"]


def test_a_circle_is_found():
    assert "low.c" in circles(calls(LISTING + BACK))[0]


def test_every_file_has_a_place():
    assert upward(calls(LISTING), ["low.c", "high.c"]) == ["mid.c has no place in the order"]
