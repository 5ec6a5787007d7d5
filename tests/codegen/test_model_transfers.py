# SPDX-License-Identifier: BSD-2-Clause
"""Model A with elements that the host hands over: what it has of them, and what it finds in a spec."""

import os
import shutil
from dataclasses import replace

import pytest
from helpers import ROOT, Report, edited_spec, load

from flue.backends.promela import catalogue, spin
from flue.backends.promela.catalogue import QUICK
from flue.backends.promela.lowering import ModelView
from flue.backends.promela.transfers import Transfers

LANE = "lane_transfers"
WORKS = os.path.join(ROOT, "tests", "transfers", "spec")

# Each has the lane added anew with no state between in which the hardware has it not.
AGED = [
    (
        "lane.yaml",
        "commands:\n",
        "events: {aged: {doc: It is gone., hardware: has_not}}\ncommands:\n",
    ),
    (
        "lane.yaml",
        "unsure}\n    when:\n      close",
        "unsure}\n    when:\n      aged: {to: gone}\n      close",
    ),
    ("lane.yaml", "      reset: {to: free}", "      reset: {to: free}\n      aged: {to: free}"),
    (
        "lane.yaml",
        "tuning}\n      close",
        "tuning}\n      aged: {send: add_lane, to: restoring}\n      close",
    ),
    ("target.yaml", "restore: {stay: true}", "restore: {stay: true}\n    aged: {to: gone}"),
    (
        "target.yaml",
        "reset: {to: forgotten, status: failed}",
        "reset: {to: forgotten, status: failed}\n    aged: {defer: true}",
    ),
]
RENEW = "  renew: {doc: Anew., completion: renewed, reaches: reference, order: any, results: {others: failed}, statuses: [ok, failed, invalid]}\n"
ANEW = """\
  leaving:
    doc: Being removed.
    busy: renew
    when:
      done:   {send: add_lane, to: coming}
      failed: {to: unsure, status: failed}
  coming:
    doc: Being added anew.
    busy: renew
    when:
      done:   {to: ready, status: ok}
      failed: {to: unsure, status: failed}
  tuning:
"""
RENEWED = [
    ("target.yaml", "  close:\n    doc", f"{RENEW}  close:\n    doc"),
    ("target.yaml", "    tune:    {refuse", "    renew: {refuse: invalid}\n    tune:    {refuse"),
    ("target.yaml", "    tune:  {defer", "    renew: {defer: true}\n    tune:  {defer"),
    ("node.yaml", "close: none", "close: none\n  renew: none"),
    (
        "lane.yaml",
        "tuning}\n      close",
        "tuning}\n      renew: {send: remove_lane, to: leaving}\n      close",
    ),
    ("lane.yaml", "  tuning:\n", ANEW),
]


def works(edits=()):
    target = load(edited_spec(list(edits), os.path.relpath(WORKS, f"{ROOT}/spec")), Report())
    assert target
    return target


def without_transfers(target):
    return replace(target, objects=tuple(replace(o, transfers=()) for o in target.objects))


def test_a_spec_without_transfers_has_the_same_models_but_those_of_elements():
    bounds = replace(QUICK, tree_elements=True)
    found = {m.name: m.text for m in catalogue.models(works(), bounds=bounds)}
    plain = {m.name: m.text for m in catalogue.models(without_transfers(works()), bounds=bounds)}
    more = {f"works_{x}_transfers" for x in ("lane", "tap", "trees")}
    assert found.keys() - plain.keys() == more
    assert plain == {name: found[name] for name in plain}


def searched(spec, kind):
    target = load(spec, Report())
    of = next(k for k in ModelView(target, target).kinds if k.name == kind)
    return [(t.name, t.order, t.behind) for t in Transfers(of).searched]


def test_of_what_is_alike_two_orders_are_searched_and_one_transfer_of_each():
    """Chimney's send, disconnect, receive and forward go in the same states, with the same statuses."""
    assert searched(f"{ROOT}/spec/chimney", "tcp") == [("send", 0, True), ("receive", 1, True)]
    lane = [("write", 0, False), ("barrier", 0, False), ("read", 1, False)]
    assert searched(WORKS, "lane") == lane


@pytest.mark.skipif(not shutil.which("spin"), reason="spin is not installed")
@pytest.mark.parametrize("edits", [AGED, RENEWED], ids=["by itself", "by an operation"])
def test_what_the_device_had_of_an_object_that_is_added_anew_is_lost(edits):
    (run,) = spin.verify(works(edits), letters="A", bounds=QUICK, kinds=LANE, claim="shortest")
    lost = "the device has lost an element of an object that it has, and nobody gives it back"
    assert run.story[-1] == f"WRONG, the lane: {lost}"


def test_orders_that_differ_are_all_searched():
    """Two elements are in two of them at the most, but any two."""
    target = works([("lane.yaml", "    after: write\n", "")])
    model = next(m for m in catalogue.transfers(target, target, QUICK) if LANE in m.name)
    of = next(k for k in ModelView(target, target).kinds if k.name == "lane")
    assert [t.order for t in Transfers(of).searched] == [0, 1, 2]
    assert "by_reset[3], awaited[3]" in model.text
    assert "awaited[0] == 0 && awaited[1] == 0 && awaited[2] == 0" in model.text
