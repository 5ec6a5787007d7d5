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


# A model B of a spec (of trees, if it is not said), what is planted in it, and what must be found.
PLANTED = {
    "goes-on-after-a-failure": (
        "tests/together/spec",
        "outcome[(nd - 1) / PER_TREE] = ABORTS;",
        "skip;",
        "together",
    ),
    "a-link-that-was-moved-is-let-go": (
        "spec/chimney",
        "let_go(link[o]); link[o] = newlink[o]; newlink[o] = 0",
        "let_go(newlink[o])",
        "elsewhere",
    ),
    "new-links-are-not-held-while-dependents-are-reached": (
        "tests/flush/spec:reaching",
        "held = held | (fin << n);",
        "fin = 0;",
        "ended under it",
    ),
    "what-has-left-is-given-a-status": (
        "tests/flush/spec:reaching",
        ":: MADE(n) && !host -> dropped(n)",
        ":: false -> skip",
        "left",
    ),
    "the-search-passes-by-the-last-object": (
        "tests/flush/spec:reaching",
        "if :: host -> make(t)",
        "if :: host && o != NO - 1 -> make(t)",
        "not reached",
    ),
    "what-was-reached-is-not-counted": (
        "tests/flush/spec:reaching",
        "counted[TREE(n)]++;",
        "skip;",
        "counted",
    ),
    "nobody-ends-what-has-reached-all": (
        "tests/flush/spec:reaching",
        "above[n] != 0 || stage[TREE(n)] == HAS_GONE || stage[TREE(n)] == DONE_WITH)\n",
        "above[n] != 0 || stage[TREE(n)] == DONE_WITH)\n",
        "stuck",
    ),
    "an-undo-tells-of-the-new-link": (
        "spec/chimney",
        "#define TOLD_LINK (old[o] || !newlink[o] ->",
        "#define TOLD_LINK (!newlink[o] ->",
        "elsewhere",
    ),
}


@pytest.mark.skipif(not shutil.which("spin") or not shutil.which("cc"), reason="no SPIN")
@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_in_trees_is_found(tmp_path, name):
    place, was, planted, found = PLANTED[name]
    spec, _, which = place.partition(":")
    target = load(f"{ROOT}/{spec}", Report())
    models = catalogue.models(target, bounds=catalogue.QUICK)
    trees = next(m for m in models if m.name.endswith(f"_{which or 'trees'}"))
    assert trees.text.count(was) == 1
    (tmp_path / "trees.pml").write_text(trees.text.replace(was, planted), encoding="utf-8")
    for command in (
        ["spin", "-a", "-DSAFE", "trees.pml"],
        ["cc", "-w", "-DSAFETY", "-DNOCLAIM", "-o", "pan", "pan.c"],
        ["./pan", "-m100000"],
    ):
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    told = subprocess.run(["./pan", "-r", "trees.pml.trail"], cwd=tmp_path, stdout=subprocess.PIPE)
    assert f"@broken {properties.why(found)} " in told.stdout.decode()
