# SPDX-License-Identifier: BSD-2-Clause
"""Model C as a judge of what happened to one slot; see accept_objects.py for the way it is done.

Seen are: a command is issued, an answer is taken, late or a stray, a command is over by its answer
or by time, a reset begins and ends. Where the owner and the answering thread are in between is free.
"""

from __future__ import annotations

from dataclasses import replace

from follow import Followed

from flue.backends.promela.catalogue import Bounds, Model, protocols

WORDS = "iaobe"  # as the recorder writes them: issued, answered, over, begin, end
TURNS = ("issued", "answered", "over", "begun", "ended")
BOUNDS = Bounds(ends=False, commands=4, answers=20, resets=20)
_NEXT = """
int want, life, at;
bit begun, wrong;
#define NEXT(word) c_expr { (life_word(now.life, now.at) >> 16) == word }
#define GOES_ON c_expr { (life_ended(now.life, now.at)) == 0 }
inline visible(word, a, b) {
  want = (word) * 65536 + (a) * 256 + (b);
  c_code {
    int next = life_word(now.life, now.at);
    if (next == now.want)
      now.at++;
    else
      now.wrong = 1;
    now.want = 0;
  }
}
"""
_INIT = """
init { atomic { listed[0] = 1; run owner(); run hardware() } }
"""


_SEEN = {
    "issue": "visible(1, {0}, 0)",
    "stray": "visible(2, {0}, 2)",
    "over": "if :: {1} < 3 -> visible(3, {0}, {1}) :: else -> skip fi",
    "begin": "visible(4, 0, 0)",
    "end": "visible(5, 0, 0)",
}
# A command that was not taken by the driver is not seen; nobody answers or waits without need.
_ONLY = {"full": "false", **{turn: f"NEXT({n})" for n, turn in enumerate(TURNS, 1)}}


def acceptance_of_slots() -> Model:
    behind = {"answered": "visible(2, {0}, {1})"}
    marks = Followed(_SEEN, behind, _ONLY, process=" provided (begun && !wrong)")
    found = next(m for m in protocols(BOUNDS, marks) if m.letter == "C")
    return replace(found, text=marks.text(_NEXT + found.text) + _INIT)


class SlotReader:
    name, coverage = "slots", ()

    def numbers(self, words: tuple[str, ...]) -> list[int]:
        out = []
        for word in words:
            letter, a, b = word.split()
            out.append((WORDS.index(letter) + 1) << 16 | int(a) << 8 | int(b))
        return out
