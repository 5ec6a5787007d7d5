# SPDX-License-Identifier: BSD-2-Clause
"""Model A as a judge: is a life that was seen in the runtime a run of the model?

The places where the model prints a mark are its visible steps. Here each of them must be the next
word of a life; what is not seen (a full ring, a late answer, what the hardware did) is free. A life
is accepted if some run shows exactly its words (follow.py).
"""

from __future__ import annotations

from dataclasses import replace

from follow import Followed

from flue.backends.promela.catalogue import Bounds, Model, objects
from flue.backends.promela.lowering import KindView, ModelView
from flue.backends.promela.replay import PHASES
from flue.model import OWN_RESULTS

# As many requests and lost commands as the recorder lets a life have; plans in full.
BOUNDS = Bounds(requests=4, ends=False, lost=250, changed=99)

WORDS = ("ask", "step", "send", "answer", "status", "phase")

# A word in an int of a model: what it is in three bits, a state or so in twelve, an arm or so in sixteen.
FIRST, SECOND = 28, 16

# What of a mark's numbers is seen, as Promela: two numbers.
_SEEN = {
    "submit": ("ask", "{0}", "{1}"),
    "step": ("step", "{3}", "{4}"),
    "send": ("send", "{1}", "{2}"),
    "answer": ("answer", "{1}", "{2}"),
    "status": ("status", "{0}", "{1}"),
    "phase": ("phase", "{0}", "0"),
}
_TURNS = """
hidden int want;
int life, at; /* which one, and how many of its words were seen */
bit begun, wrong;
{turns}
#define TURN(what) (begun && !wrong && TURN_##what)
#define TURN_unseen c_expr {{ (life_ended(now.life, now.at)) == 0 }}
inline visible(word, a, b) {{
  want = (word) << {first} | (a) << {second} | (b);
  c_code {{
    int next = life_word(now.life, now.at);
    if (next == want)
      now.at++;
    else if (next != {cut})
      now.wrong = 1;
  }}
}}
"""
# Of several requests that are served in one step each has its own choices: they are made when it comes.
_CHOICES = "x_ch x_then x_says x_dependents x_new_bad x_link_bad x_below".split()
_OWN = """
int {arrays};
inline choices_of(n) {{ {keep} }}
inline forget_choices_of(n) {{ {forget} }}
inline own_choices() {{
  if
  :: nd != 0 && ev >= FIRST_OPERATION -> {take}
  :: else -> skip
  fi
}}
"""
WHOLE, CUT, OVER = -1, -2, -3  # what comes behind a life's last word; as judge.c has it


def pack(word: int, a: int, b: int) -> int:
    """One word of a life as a number; a spec may have more arms than a byte has values."""
    assert word < 1 << 31 - FIRST and a < 1 << FIRST - SECOND and b < 1 << SECOND, (word, a, b)
    return word << FIRST | a << SECOND | b


def unpack(number: int) -> tuple[int, int, int]:
    return (
        number >> FIRST,
        number >> SECOND & (1 << FIRST - SECOND) - 1,
        number & (1 << SECOND) - 1,
    )


def _own(view: ModelView) -> str:
    """Choices of the first link, and of those after it."""
    choices = [*_CHOICES, *view.more_links]
    return _OWN.format(
        arrays=", ".join(f"own_{x}[NN]" for x in choices),
        keep="; ".join(f"own_{x}[n] = {x}" for x in choices),
        forget="; ".join(f"own_{x}[n] = 0" for x in choices),
        take="; ".join(f"{x} = own_{x}[nd - 1]" for x in choices),
    )


def _seen(view: ModelView) -> tuple[Followed, str]:
    words = {}
    for name, (word, *numbers) in _SEEN.items():
        words[name] = f"visible({WORDS.index(word) + 1}, {', '.join(numbers)})"
    turns = "\n".join(
        f"#define TURN_{w} c_expr {{ (life_word(now.life, now.at) >> {FIRST}) == {n} }}"
        for n, w in enumerate(WORDS, 1)
    )
    behind = {
        "chosen": "choices_of({0})",
        "settled": "forget_choices_of({0})",
        "links": "own_choices()",
    }
    before = {"waits": "false"}  # each request is served by itself
    return Followed(words, behind, before, _own(view)), _TURNS.format(
        turns=turns, cut=CUT, first=FIRST, second=SECOND
    )


def acceptance(target) -> list[tuple[KindView, Model]]:
    """A judge for each kind of object."""
    view = ModelView(target, target)
    marks, turns = _seen(view)
    found = objects(target, target, BOUNDS, marks)
    return [(k, replace(m, text=marks.text(turns + m.text))) for k, m in zip(view.kinds, found)]


class Reader:
    """Lives of one kind, as the recorder writes them, in the model's numbers."""

    def __init__(self, kind: KindView):
        self.kind, self.name, target = kind, kind.name, kind.view.target
        self.view, self.target = kind.view, target
        self.commands = {c.name: c for c in kind.commands}
        self.arms = {a.number: a for a in kind.arms}

    def numbers(self, words: list[str]) -> list[int]:
        return [self._word(*w.split()) for w in words]

    def _word(self, name: str, *rest: str) -> int:
        a, b = getattr(self, f"_{name}")(*rest)
        return pack(WORDS.index(name) + 1, a, b)

    def _ask(self, request: str, operation: str):
        return int(request), self.view.events[operation]

    def _step(self, state: str, arm: str):
        return self.kind.number(state), int(arm)

    def _send(self, command: str, old: str = ""):
        return self.commands[command].bit, int(bool(old))

    def _answer(self, command: str, result: str):
        row = self.commands[command]
        return row.bit, self._like(row, result)

    def _like(self, row, result: str) -> int:
        """The model has one of the results of which the same becomes."""
        if result in OWN_RESULTS and (result != "unsure" or row.unsure):
            return self.target.results.index(result)
        for number in row.results:
            if self.kind.results.alike(result, (self.target.results[number],)):
                return number
        return self.target.results.index(result)

    def _status(self, request: str, status: str):
        return int(request), self.view.status(status)

    def _phase(self, phase: str):
        return PHASES.index(phase), 0

    def own_statuses(self, operation) -> list[str]:
        """What an operation's own part may end with on this kind of object."""
        found = {
            a.arm.status for a in self.kind.arms if a.cell.event == operation.name and a.arm.status
        }
        owed = {s.name for s in self.kind.obj.states if s.busy == operation.name}
        internal = [a for a in self.kind.arms if a.cell.state in owed and a.letter < 5]
        found |= {a.arm.status for a in internal if a.arm.status}
        if "from_command" in found:
            results = {self.target.results[r] for c in self.kind.commands for r in c.results}
            results |= set(OWN_RESULTS) - {"ok", "reset"}
            found |= {operation.status_of(r) for r in results}
        return sorted(found - {"from_command"})
