# SPDX-License-Identifier: BSD-2-Clause
"""Links in the models: variables and expressions for each link of a kind, by its number.

The first link's variables bear plain names, those of the others end with the number: newl, newl1.
A target whose kinds have one link each gets models without numbers.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from flue.model import Object, PlanRule, Target, along
from flue.model.along import Along, Asked
from flue.model.queries import laying, link_numbers, told_links
from flue.model.questions import questions
from flue.model.transitions import NumberedArm

from .values import mask

if TYPE_CHECKING:
    from .lowering import KindView, ModelView


def told(target, obj, command) -> tuple[int, ...]:
    """Numbers of the links of which a command tells the hardware where they lead."""
    found = told_links(target, obj, command)
    return tuple(i for i, link in enumerate(obj.links) if link in found)


def suffix(link: int) -> str:
    return str(link) if link else ""


def most(target: Target) -> int:
    """The links of the kind that has the most, one at least."""
    return max([1, *(len(o.links) for o in target.objects)])


def lays_any(target: Target, operation) -> bool:
    return any(operation.name in laying(target, o, x) for o in target.objects for x in o.links)


def any_of(name: str, links) -> str:
    """One of these variables; false where there is none."""
    return " || ".join(f"{name}{suffix(i)}" for i in links) or "false"


def asked_of(obj: Object, condition, trees: bool, cells: list[int]) -> str:
    """A condition on links as an expression: the variables that hold the answers."""
    new, present = ("new_bad", "link_bad") if trees else ("x_new_bad", "x_link_bad")
    found = link_numbers(obj, (condition.of or "link",))
    if condition.link == "next":
        return " || ".join(_next(i, new, present, trees, cells) for i in found)
    return any_of(new if condition.link == "new" else present, found)


def _next(link: int, new: str, present: str, trees: bool, cells: list[int]) -> str:
    """What the link leads to after the operation."""
    s = suffix(link)
    moves = f"newl{s} != 0" if trees else f"(NEW(ev) || (x_ch & {cells[link]}) != 0)"
    return f"({moves} -> {new}{s} : {present}{s})"


def chosen(obj: Object, condition) -> list[str]:
    """The variables of model A that a condition on links asks for."""
    found = link_numbers(obj, (condition.of or "link",))
    names = {"new": ["x_new_bad"], "present": ["x_link_bad"]}
    words = names.get(condition.link, ["x_new_bad", "x_link_bad"])
    return [f"{word}{suffix(i)}" for i in found for word in words]


def apart(obj: Object, conditions, cells: list[int]) -> list[int]:
    """Of each link the first one that no condition tells from it, and that is moved with it."""
    asked = [link_numbers(obj, (c.of or "link",)) for c in conditions]
    says = [(cell, *(i in found for found in asked)) for i, cell in enumerate(cells)]
    return [says.index(one) for one in says]


class KindLinks:
    """What the templates ask of a kind's links; the kind has an object and the rules of its plan."""

    view: ModelView
    obj: Object
    rules: list[PlanRule]
    arms: list[NumberedArm]

    @cached_property
    def far(self) -> list[Asked]:
        """The marks that it asks for along links, and along which."""
        asked = [a.arm.condition for a in self.arms if a.arm.condition]
        found = questions(self.view.target, self.obj, asked)
        return [(c.marks, c.along) for c in found if c.form == "marked" and c.along != ()]

    @cached_property
    def below(self) -> list[frozenset[Asked]]:
        """A variable of model A for each sort of marks of others: who sees it."""
        return along.apart(self.view.target, self.obj, self.far)

    def marked_below(self, condition) -> list[str]:
        seen = enumerate(self.below)
        return [
            f"x_below{suffix(i)}" for i, who in seen if (condition.marks, condition.along) in who
        ]

    @cached_property
    def link_cell(self) -> int:
        """The cells that are links, as a mask; 0 if no update moves one."""
        return mask(i for i, r in enumerate(self.rules) if link_numbers(self.obj, r.changed))

    def bad(self, name: str) -> str:
        """One of the links is unusable, by these variables of model A; without links none is."""
        return "(" + any_of(name, range(len(self.obj.links) or 1)) + ")"

    @property
    def new_links(self) -> list[tuple[str, int]]:
        """For each link the variable that says whether the new one is unusable, and its cell."""
        return [(f"x_new_bad{suffix(i)}", x) for i, x in enumerate(self.link_cells)]

    @cached_property
    def link_cells(self) -> list[int]:
        """The same for each link."""
        moved = [link_numbers(self.obj, r.changed) for r in self.rules]
        return [
            mask(i for i, found in enumerate(moved) if link in found)
            for link in range(len(self.obj.links))
        ]


class ViewLinks:
    """What they ask of all kinds'; `trees`: links are other objects."""

    target: Target
    trees: bool
    kinds: list[KindView]

    @property
    def link_numbers(self) -> range:
        return range(most(self.target))

    @property
    def more_links(self) -> list[str]:
        """Variables for the second link of a kind and those after it; hidden ones in trees."""
        words = ("newl", "new_bad", "link_bad") if self.trees else ("x_new_bad", "x_link_bad")
        count = len(self.alongs) if self.trees else max(len(k.below) for k in self.kinds)
        far = [f"{'along' if self.trees else 'x_below'}{i}" for i in range(1, count)]
        return [f"{word}{i}" for i in self.link_numbers[1:] for word in words] + far

    @property
    def alongs(self) -> list[Along]:
        """Links along which conditions ask for marks."""
        return list(dict.fromkeys(links for k in self.kinds for _, links in k.far))

    @property
    def name_more(self) -> str:
        return "".join(f", {name}" for name in self.more_links)

    @property
    def clear_more(self) -> str:
        return "".join(f" {name} = 0;" for name in self.more_links)
