# SPDX-License-Identifier: BSD-2-Clause
"""Searches by SPIN: what it does not take is said before anything is searched."""

import shutil
import subprocess

import pytest
from helpers import ROOT, Report, load

from flue.backends.promela import catalogue, properties, spin
from flue.backends.promela.catalogue import Model

GOOD = "active proctype p() { skip }"


def model(name: str, text: str) -> Model:
    return Model("C", name, name, text)


@pytest.mark.skipif(not shutil.which("spin"), reason="spin is not installed")
def test_no_search_begins_beside_a_model_that_spin_does_not_take(monkeypatch):
    found = [model("good", GOOD), model("bad", "no model")]
    monkeypatch.setattr(spin, "models", lambda *_: found)
    begun = []
    tell = spin.Teller(begins=lambda number, one, claim: begun.append(one.name))
    with pytest.raises(spin.VerifyError, match="spin does not take bad.pml"):
        spin.verify(None, tell=tell)
    assert begun == []


@pytest.mark.skipif(not shutil.which("spin") or not shutil.which("cc"), reason="no SPIN")
def test_trees_that_go_on_after_a_failure_are_found(tmp_path):
    target = load(ROOT + "/tests/together/spec", Report())
    trees = next(m for m in catalogue.models(target, bounds=catalogue.QUICK) if m.letter == "B")
    ends = "outcome[(nd - 1) / PER_TREE] = ABORTS;"
    assert ends in trees.text
    (tmp_path / "trees.pml").write_text(trees.text.replace(ends, "skip;"), encoding="utf-8")
    for command in (
        ["spin", "-a", "-DSAFE", "trees.pml"],
        ["cc", "-w", "-DSAFETY", "-DNOCLAIM", "-o", "pan", "pan.c"],
        ["./pan", "-m100000"],
    ):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    told = subprocess.run(["./pan", "-r", "trees.pml.trail"], cwd=tmp_path, stdout=subprocess.PIPE)
    assert f"@broken {properties.why('together')} " in told.stdout.decode()
