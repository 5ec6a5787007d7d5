# SPDX-License-Identifier: BSD-2-Clause
"""Model -> Promela: small models of a target that SPIN can look through completely.

A: one object of each kind, B: trees of objects; both from the spec. C, D and E mirror the runtime's
own protocols and are the same for every target.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from flue.backends.templating import environment
from flue.files import write_if_changed
from flue.model import Target
from flue.model.dependents import sweeping

from .packing import fits
from .counterexample import Story, protocol
from .expressions import Text
from .lowering import KindView, ModelView
from .marks import PRINTED, Marks
from .replay import Script
from .transfers import Transfers, TreeTransfers, handed_over
from .trees import World

TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True)
class Bounds:
    """How far a search goes; all of it is printed with the results."""

    requests: int = 2  # at a time
    ends: bool = True  # model A: whether every request ends, too; within the bounds of ENDS
    beside_elements: int = 2  # requests at a time, in QUICK otherwise
    lost: int = 2  # commands of an object in quarantine at a time
    changed: int = 3  # commands of a plan that an update needs, at most
    full_rings: bool = True
    faults: int = 2  # model B: bad and lost answers, and events of the device, in all
    tree_events: bool = True  # the device raises events there
    tree_resets: int = 2
    troubles: int = 1  # faults and resets beside what reaches dependents
    tree_elements: bool = True  # a model with one, in QUICK otherwise
    tree_values: bool = True  # other values than the link change, too
    commands: int = 3  # model C
    answers: int = 2
    resets: int = 1
    roots: int = 2  # model D, with one thread less that submits
    budgets: int = 2
    others: tuple[str, ...] = ()  # of model D: who resets, who ticks, who asks whether all is quiet
    together: bool = True  # model D: also all of them in one search
    waiters: int = 3  # model E
    lines: int = 3

    def words(self) -> str:
        rings = "" if self.full_rings else "no "
        values = "values" if self.tree_values else "no values but links"
        events = "or events " if self.tree_events else ""
        element = ", with an element quick ones" if self.tree_elements else ""
        return (
            f"A: {self.requests} requests at a time, lost commands of an object at a time {self.lost},"
            f" changes in an update {self.changed}, {rings}full rings"
            f"{', ends: ' + ENDS.brief() if self.ends else ''},"
            f" two elements: {self.beside_elements} requests, {QUICK.brief()};"
            f" B: 2 trees, {values}, bad or lost answers {events}{self.faults}, resets {self.tree_resets}{element};"
            f" where dependents are reached, all of these {self.troubles};"
            f" C: 2 slots, {self.commands} commands with {self.answers} answers each, resets"
            f" {self.resets}; D: {self.roots} submissions, 2 pollers, with a reset or a tick; and 4 submissions,"
            f" 3 of them at once, 2 pollers;"
            f" E: {self.waiters} that wait, {self.lines} commands, 2 slots"
        )

    def brief(self) -> str:
        rings = "" if self.full_rings else "no "
        return f"lost {self.lost}, changes {self.changed}, {rings}full rings"


QUICK = Bounds(
    ends=False,
    beside_elements=1,
    lost=1,
    changed=1,
    full_rings=False,
    faults=1,
    tree_events=False,
    tree_resets=1,
    troubles=0,
    tree_elements=False,
    tree_values=False,
    commands=2,
    budgets=1,
    together=False,
    lines=2,
)
ENDS = replace(QUICK, full_rings=True)


@dataclass(frozen=True)
class Model:
    letter: str
    name: str  # of the file, without its suffix
    subject: str  # for people
    text: str
    claims: tuple[str, ...] = ("safety",)
    story: Callable[[str], list[str]] | None = None
    script: Callable[[str], list[str]] | None = None  # the same, to be played against the C


def models(target: Target, truth: Target | None = None, bounds: Bounds = Bounds()) -> list[Model]:
    """All models of a target; `truth` says what the hardware really does."""
    out = objects(target, truth or target, bounds)
    if bounds.ends:
        out += objects(target, truth or target, ENDS, claim="ends")
    out += transfers(target, truth or target, bounds)
    out.append(_trees(target, truth or target, bounds))
    if sweeping(target):
        out.append(_trees(target, truth or target, bounds, sweeps=True))
    if bounds.tree_elements and any(not t.lent for o in target.objects for t in o.transfers):
        out.append(tree_transfers(target, truth or target))
    return [*out, *protocols(bounds)]


def objects(
    target: Target, truth: Target, bounds: Bounds, marks: Marks = PRINTED, claim: str = "safety"
) -> list[Model]:
    """A model for each kind of object; who gives marks of its own takes part in it."""
    fits(target)
    view = ModelView(target, truth)
    return [_one(view, kind, bounds, marks, claim) for kind in view.kinds]


def transfers(target: Target, truth: Target, bounds: Bounds) -> list[Model]:
    """One more for each kind that the host hands something over for: the same, and elements."""
    view, few = ModelView(target, truth), replace(QUICK, requests=bounds.beside_elements)
    return [_handed(view, kind, few) for kind in view.kinds if handed_over(kind)]


def protocols(bounds: Bounds, marks: Marks = PRINTED) -> list[Model]:
    """The runtime's own, the same for every target; marks are those of model C."""
    out = []
    for letter, name, template, subject, bound in _protocols(bounds):
        text = render(f"verify_{template}.pml.j2", bound=bound, marks=marks)
        out.append(Model(letter, name, subject, text, story=protocol))
    return out


def _protocols(bounds: Bounds) -> list[tuple[str, str, str, str, Bounds]]:
    resets, ticks = ("driver",), ("ticker", "quiet")
    out = [
        ("C", "slots", "slots", "slots, cookies, quarantine and resets", bounds),
        ("D", "wake", "wake", "wake-ups, token and resets", replace(bounds, others=resets)),
        ("D", "ticks", "wake", "wake-ups, token and ticks", replace(bounds, others=ticks)),
        ("D", "inbox", "wake", "three that submit at once", replace(bounds, roots=4)),
        ("E", "room", "room", "who waits for room, and how long", bounds),
    ]
    if bounds.together:
        every = replace(bounds, others=resets + ticks, budgets=1)
        out.append(("D", "all", "wake", "all of these, a budget of 1", every))
    return out


def _one(view: ModelView, kind: KindView, bounds: Bounds, marks: Marks, claim: str) -> Model:
    text = _object(view, kind, bounds, marks)
    name, subject = f"{view.target.name}_{kind.name}", f"one {kind.name}, two requests, all faults"
    alone = [(kind.index, f"the {kind.name}")]
    story, script = Story(view, alone), Script(view, alone)
    name += "_ends" if claim == "ends" else ""
    return Model("A", name, subject, text, (claim,), story.lines, script.lines)


def _handed(view: ModelView, kind: KindView, bounds: Bounds) -> Model:
    text = _object(view, kind, bounds, PRINTED, Transfers(kind))
    story = Story(view, [(kind.index, f"the {kind.name}")], transfers=Transfers(kind))
    name, subject = f"{view.target.name}_{kind.name}_transfers", f"one {kind.name}, two elements"
    return Model("A", name, subject, text, ("safety",), story.lines)


def _object(view: ModelView, kind: KindView, bounds: Bounds, marks: Marks, transfers=None) -> str:
    words = Text(view, bounds, kind)
    data = {"view": view, "kind": kind, "m": words, "marks": marks, "transfers": transfers}
    return render("verify_object.pml.j2", **data)


def _trees(target: Target, truth: Target, bounds: Bounds, sweeps: bool = False) -> Model:
    view = ModelView(target, truth, trees=True)
    world = World(view, bounds, sweeps)
    text = _world(view, world, bounds)
    objects = [(x.kind, x.name) for x in world.objects]
    story, script = Story(view, objects, world), Script(view, objects, world)
    subject = f"trees of {len(world.objects)} objects, two requests"
    subject = f"{len(world.objects)} objects, dependents are reached" if sweeps else subject
    name = f"{target.name}_{'reaching' if sweeps else 'trees'}"
    return Model("B", name, subject, text, ("safety",), story.lines, script.lines)


def tree_transfers(target: Target, truth: Target) -> Model:
    view = ModelView(target, truth, trees=True)
    world = World(view, QUICK, full=True)
    elements = TreeTransfers(world)
    objects = [(x.kind, x.name) for x in world.objects]
    story = Story(view, objects, world, elements)
    name, subject = f"{target.name}_trees_transfers", f"trees of {len(objects)} objects, an element"
    return Model("B", name, subject, _world(view, world, QUICK, elements), ("safety",), story.lines)


def _world(view: ModelView, world: World, bounds: Bounds, transfers=None) -> str:
    words = Text(view, bounds, sweeps=world.sweeps)
    data = {"view": view, "world": world, "m": words, "marks": PRINTED, "transfers": transfers}
    return render("verify_trees.pml.j2", **data)


def write(found: list[Model], out_dir: str) -> list[str]:
    os.makedirs(out_dir, exist_ok=True)
    paths = [os.path.join(out_dir, f"{m.name}.pml") for m in found]
    for model, path in zip(found, paths):
        write_if_changed(path, model.text)
    return paths


def render(template: str, **data) -> str:
    return environment(TEMPLATES).get_template(template).render(**data)
