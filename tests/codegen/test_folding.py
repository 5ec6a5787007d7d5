# SPDX-License-Identifier: BSD-2-Clause
"""What models search once: only what a machine cannot tell apart, and each step as a whole."""

import os
import re

import pytest
from helpers import ROOT, Report, edited_spec, load

from flue.backends.promela import catalogue
from flue.backends.promela.folding import Folding
from flue.backends.promela.lowering import ModelView
from flue.model.transitions import FIRST_OF_DEVICE

RDMA = os.path.join(ROOT, "spec", "rdma")
IN_RTR = "access_error: {to: failed, tell: async_qp_access_err}\n  rts:\n"


def qp(spec):
    target = load(spec, Report())
    kind = next(k for k in ModelView(target, target).kinds if k.name == "qp")
    return kind, Folding(kind)


def raised(kind, found):
    return [kind.obj.events[r.number - FIRST_OF_DEVICE].name for r in found.raised]


def names(kind, numbers):
    return {kind.obj.states[n - 1].name for n in numbers}


def test_events_of_which_the_same_comes_are_one():
    kind, found = qp(RDMA)
    assert raised(kind, found) == ["fatal", "request_error", "send_error"]


@pytest.mark.parametrize("instead", ["to: unsure, ", "to: failed, mark: failed, "])
def test_events_that_differ_anywhere_are_several(instead):
    new = IN_RTR.replace("to: failed, ", instead)
    kind, found = qp(edited_spec([("qp.yaml", IN_RTR, new)], "rdma"))
    assert raised(kind, found) == ["fatal", "request_error", "access_error", "send_error"]


def test_only_the_order_that_matters_is_kept():
    kind, found = qp(RDMA)
    number = {r.number: n for r, n in zip(found.raised, raised(kind, found))}
    assert {frozenset((number[a], number[b])) for a, b in found.free} == {
        frozenset(("fatal", "request_error")),
        frozenset(("fatal", "send_error")),
    }  # send_error behind request_error finds it failed, before it the queue only stands


def test_what_is_put_off_may_come_to_nothing():
    kind, found = qp(RDMA)
    number = {n: r.number for r, n in zip(found.raised, raised(kind, found))}
    idle = {n: names(kind, found.idle[number[n]]) for n in number}
    assert "reset_init" in idle["send_error"] and "rtr_rts" not in idle["send_error"]
    assert "resetting" in idle["fatal"] and "reset_init" not in idle["fatal"]
    assert "sqe_rts" not in idle["request_error"]  # it rests in rts, where that counts


def test_an_event_that_changes_the_hardware_is_never_folded():
    target = load(os.path.join(ROOT, "spec", "ipsec"), Report())
    for kind in ModelView(target, target).kinds:
        found = Folding(kind)
        lost = {r.number for r in found.raised if r.hardware}
        assert not lost & {n for pair in found.free for n in pair} and not lost & set(found.idle)


@pytest.mark.parametrize("spec", ["chimney", "rdma", "ipsec"])
def test_what_is_asked_and_what_is_done_are_one_step(spec):
    """Between a condition and its d_step another process would come by, if they were two."""
    target = load(os.path.join(ROOT, "spec", spec), Report())
    of_the_spec = [m for m in catalogue.models(target) if m.letter in "AB"]
    assert of_the_spec
    for model in of_the_spec:
        lines = [x for x in model.text.splitlines() if re.match(r"\s*:: (?!atomic).*-> d_step", x)]
        assert not lines, f"{model.name}: {lines}"


def test_links_that_no_condition_tells_apart_are_one_choice():
    kind, _ = qp(RDMA)
    assert [x for x in kind.asks if "_bad" in x] == ["x_new_bad"]
    asked = ("conditions:  ", "conditions:\n  pd_bad: {link: new, of: pd, is: unusable}\n  #")
    arm = "{if: new_link_unusable, refuse: again}"
    with_pd = ("qp.yaml", arm, f"{arm}\n        - {{if: pd_bad, refuse: again}}")
    kind, _ = qp(edited_spec([("qp.yaml", *asked), with_pd], "rdma"))
    assert [x for x in kind.asks if "_bad" in x] == ["x_new_bad", "x_new_bad1"]


def test_results_are_brought_together_only_where_none_asks():
    kind, _ = qp(RDMA)
    results = kind.view.target.results
    same = {results[a]: results[b] for a, b in kind.results.alike_in_a_search.items()}
    assert same["invalid"] == "failure"  # `refused` asks for both
    assert same.get("failure") is None and "gone" not in same and "ok" not in same
