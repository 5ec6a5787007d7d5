# SPDX-License-Identifier: BSD-2-Clause
"""Models know no values: they try all answers that questions about them can have together, no others."""

import os

import pytest
from helpers import ROOT, Report, load

from flue.backends.promela.lowering import ModelView
from flue.model.transitions import event_number

QUEUE = os.path.join(ROOT, "tests", "codegen", "queue")
VERBS = os.path.join(ROOT, "tests", "codegen", "verbs")
RICH = os.path.join(ROOT, "tests", "codegen", "rich")


def answers(spec, kind, event):
    """What the model may choose on an event: the conditions that hold, for each choice."""
    target = load(spec, Report())
    view = next(k for k in ModelView(target, target).kinds if k.name == kind)
    letter = event_number(target, event)
    masks = [m for letters, masks in view.values.choices if letter in letters for m in masks]
    return {frozenset(n for i, n in enumerate(view.values.chosen) if m >> i & 1) for m in masks}


def sets(*names):
    return {frozenset(each.split()) for each in names}


# What jumps is not too fast as long as no number says so: the two look at different things.
MODIFY = ("jumps", "too_many", "jumps too_many")
MODIFY += ("too_much", "too_much jumps", "too_much too_many", "too_much jumps too_many")

CHOICES = [
    (QUEUE, "line", "create", sets("", "too_much", "too_deep", "too_much too_deep")),
    (QUEUE, "line", "modify", sets("", *MODIFY)),
    (QUEUE, "line", "restore", sets("", "too_fast")),
    (QUEUE, "line", "withdraw", set()),
    (VERBS, "qp", "modify", sets("not_init", "not_ready", "not_init not_ready")),
    # A part that asks for a value is chosen, one that models know is not.
    (RICH, "gate", "restore", sets("", "stale")),
    (RICH, "flow", "initiate", sets("", "not_open")),
]


@pytest.mark.parametrize("spec, kind, event, expected", CHOICES)
def test_every_answer_and_no_other(spec, kind, event, expected):
    assert answers(spec, kind, event) == expected


def test_what_looks_at_one_value_is_answered_alike():
    target = load(QUEUE, Report())
    view = ModelView(target, target).kinds[0]
    names = ("too_fast", "too_much")
    held = [
        {n for i, n in enumerate(view.values.chosen) if m >> i & 1}
        for m in view.values.masks(names)
    ]
    assert {"too_fast"} not in held and {"too_fast", "too_much"} in held and {"too_much"} in held


def test_flags_of_one_variable_are_answered_together():
    target = load(VERBS, Report())
    view = ModelView(target, target).kinds[0]
    view.values.chosen = names = ["fits_init", "fits_ready", "says_how"]
    held = {
        frozenset(n for i, n in enumerate(names) if m >> i & 1) for m in view.values.masks(names)
    }
    both = "fits_init says_how", "fits_ready says_how"  # rights are new in the first in any case
    assert held == sets("", "fits_ready", "says_how", *both)
