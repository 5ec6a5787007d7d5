# SPDX-License-Identifier: BSD-2-Clause
"""Marks of a model that follows lives: what it would print must be the next word of a life.

Lives come from C (judge.c) while SPIN searches, all of them in one search; `visible` takes a word.
What such a model is told of marks and places must be there in its template, and nothing else may ask.
"""

from __future__ import annotations

from flue.backends.promela.marks import Marks

HEAD = """
c_decl {
  extern int life_word(int life, int at);
  extern int life_ended(int life, int at);
  extern int life_count(void);
  extern void life_accept(int life);
}
"""
TAIL = """
active proctype judge() {
  do
  :: !begun && c_expr { (now.life + 1 < life_count()) == 1 } -> life++
  :: !begun -> begun = 1; break
  od;
end:
  do
  :: atomic { begun && !wrong && c_expr { (life_ended(now.life, now.at)) == 1 } -> c_code { life_accept(now.life); }; wrong = 1 }
  od
}
"""


class Followed(Marks):
    """`words`: of marks; `behind` and `before`: of the places where others take part."""

    claims = False

    def __init__(self, words, behind, before, declares="", process=""):
        self.words, self.behind, self.before = words, behind, before
        self.declares, self._process = declares, process
        self._open = {("mark", x) for x in words}
        self._open |= {("also", x) for x in behind} | {("only", x) for x in before}

    def mark(self, name: str, *values: str) -> str:
        self._open.discard(("mark", name))
        return self.words.get(name, "skip").format(*values)

    def also(self, name: str, *values: str) -> str:
        self._open.discard(("also", name))
        return "; " + self.behind[name].format(*values)

    def only(self, name: str) -> str:
        self._open.discard(("only", name))
        return f"{self.before[name]} && "

    def process(self) -> str:
        return self._process

    def text(self, model: str) -> str:
        """The model, which has taken all that it was to take."""
        assert not self._open, f"no template has {sorted(self._open)}"
        return HEAD + model + TAIL
