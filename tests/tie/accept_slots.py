# SPDX-License-Identifier: BSD-2-Clause
"""Model C as a judge of what happened to one slot; see accept_objects.py for the way it is done.

Seen are: a command is issued, an answer is taken, late or a stray, a command is over by its answer
or by time, a reset begins and ends. Where the owner and the answering thread are in between is free.
"""

from __future__ import annotations

from dataclasses import replace

from accept_objects import TAIL

from flue.backends.promela.catalogue import Bounds, Model, models

WORDS = "iaobe"  # as the recorder writes them: issued, answered, over, begin, end
BOUNDS = Bounds(ends=False, commands=4, answers=20, resets=20)
_HEAD = """
c_decl {
  extern int life_word(int life, int at);
  extern int life_ended(int life, int at);
  extern int life_count(void);
  extern void life_accept(int life);
}
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
_INSTEAD = (
    ("proctype hardware() {", "proctype hardware() provided (begun && !wrong) {"),
    ("proctype owner() {", "proctype owner() provided (begun && !wrong) {"),
    ('printf("@issue %d %d\\n", k, s)', "visible(1, k, 0)"),
    ('printf("@answers %d %d\\n", k, s)', "skip"),
    (
        "word[s] = ANSWERED; push = 1",
        "word[s] = ANSWERED; push = 1; visible(2, k, (running -> 0 : 1))",
    ),
    ("word[s] = DRAINED; push = 1", "word[s] = DRAINED; push = 1; visible(2, k, 1)"),
    ('printf("@stray %d\\n", k)', "visible(2, k, 2)"),
    (
        'printf("@over %d %d\\n", c, how);',
        "if :: how < 3 -> visible(3, c, how) :: else -> skip fi;",
    ),
    ('printf("@begin\\n")', "visible(4, 0, 0)"),
    ('printf("@end\\n")', "visible(5, 0, 0)"),
    # A command that was not taken by the driver is not seen; nobody answers or waits without need.
    (':: atomic { EXPECT(ISSUED) -> printf("@full %d\\n", k);', ":: atomic { false ->"),
    (":: running && issued < COMMANDS &&", ":: NEXT(1) && running && issued < COMMANDS &&"),
    (":: running && (word[0] == ISSUED", ":: NEXT(3) && running && (word[0] == ISSUED"),
    (":: running && resets < RESETS ->", ":: NEXT(4) && running && resets < RESETS ->"),
    (
        ":: !running && past == 2 * SLOTS -> running = 1;",
        ":: NEXT(5) && !running && past == 2 * SLOTS -> running = 1;",
    ),
    (
        "(0 < issued && answers[0] < ANSWERS) ||",
        "NEXT(2) && ((0 < issued && answers[0] < ANSWERS) ||",
    ),
)


def acceptance_of_slots(target) -> Model:
    found = next(m for m in models(target, bounds=BOUNDS) if m.name == "slots")
    text = found.text[: found.text.index("active proctype monitor()")]
    for old, new in _INSTEAD:
        assert text.count(old) == 1, f"{old}: {text.count(old)} times in the model"
        text = text.replace(old, new)
    text = text.replace("answers[3] < ANSWERS) ->\n", "answers[3] < ANSWERS)) ->\n")
    return replace(found, text=_HEAD + text + TAIL + _INIT)


class SlotReader:
    name, coverage = "slots", ()

    def numbers(self, words: tuple[str, ...]) -> list[int]:
        out = []
        for word in words:
            letter, a, b = word.split()
            out.append((WORDS.index(letter) + 1) << 16 | int(a) << 8 | int(b))
        return out
