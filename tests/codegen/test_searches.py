# SPDX-License-Identifier: BSD-2-Clause
"""Searches by SPIN: what it does not take is said before anything is searched."""

import functools
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from helpers import ROOT, Report, load

from flue.backends.promela import catalogue, properties, spin
from flue.backends.promela.catalogue import Model
from flue.backends.promela.counterexample import Story
from flue.backends.promela.lowering import ModelView

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


@pytest.mark.skipif(not shutil.which("spin"), reason="spin is not installed")
@pytest.mark.parametrize("little, levels", [(1, ["-O0", "-O1"]), (500, ["-O0"])])
def test_what_little_memory_does_not_hold_is_searched_anew(tmp_path, monkeypatch, little, levels):
    (tmp_path / "good.pml").write_text(GOOD)
    monkeypatch.setattr(spin, "LITTLE_MB", little)
    tried, call = [], spin._call
    monkeypatch.setattr(
        spin, "_call", lambda words, folder: tried.append(words) or call(words, folder)
    )
    run = spin.search(model("good", GOOD), "safety", str(tmp_path / "run"), str(tmp_path))
    assert run.good and run.states > 0
    assert [words[2] for words in tried if words[0] == "cc"] == levels


def test_a_story_tells_results_by_their_names():
    flow = load(f"{ROOT}/spec/flow", Report())
    view = ModelView(flow, flow)
    story = Story(view, [(3, "the rule")])
    said = {
        name: story.lines(f"@answer 0 0 {number} {number % 2}")
        for number, name in enumerate(view.target.results)
    }
    assert said == {
        "ok": ["write_rule of the rule is carried out and answered: ok"],
        "timeout": [
            "write_rule of the rule is not answered in time; it was carried out all the same"
        ],
        "reset": ["write_rule of the rule is answered: reset; it was not carried out"],
        "gone": ["write_rule of the rule is answered: gone; the hardware does not have it"],
        "unsure": ["write_rule of the rule is answered: unsure; it was not carried out"],
        "failure": ["write_rule of the rule is answered: failure; it was carried out all the same"],
        "no_space": ["write_rule of the rule is answered: no_space; it was not carried out"],
        "unsupported": [
            "write_rule of the rule is answered: unsupported; it was carried out all the same"
        ],
        "exists": ["write_rule of the rule is answered: exists; it was not carried out"],
    }


# In a model B of a spec (of trees, if it is not said): what is there, what stands there instead where
# PLANTED is so, and what must be found then. All of one model are in one program.
PLANTED = {
    "goes-on-after-a-failure": (
        "tests/together/spec",
        "outcome[(nd - 1) / PER_TREE] = ABORTS;",
        "outcome[(nd - 1) / PER_TREE] = (PLANTED -> outcome[(nd - 1) / PER_TREE] : ABORTS);",
        "together",
    ),
    "a-link-that-was-moved-is-let-go": (
        "spec/chimney",
        "let_go(link[o]); link[o] = newlink[o]; newlink[o] = 0",
        "if :: PLANTED -> let_go(newlink[o])"
        " :: else -> let_go(link[o]); link[o] = newlink[o]; newlink[o] = 0 fi",
        "elsewhere",
    ),
    "an-undo-tells-of-the-new-link": (
        "spec/chimney",
        "#define TOLD_LINK (old[o] || !newlink[o] ->",
        "#define TOLD_LINK ((old[o] && !PLANTED) || !newlink[o] ->",
        "elsewhere",
    ),
    "new-links-are-not-held-while-dependents-are-reached": (
        "tests/flush/spec:reaching",
        "held = held | (fin << n);",
        "fin = fin && !PLANTED; held = held | (fin << n);",
        "ended under it",
    ),
    "what-has-left-is-given-a-status": (
        "tests/flush/spec:reaching",
        ":: MADE(n) && !host -> dropped(n)",
        ":: !PLANTED && MADE(n) && !host -> dropped(n)",
        "left",
    ),
    "the-search-passes-by-the-last-object": (
        "tests/flush/spec:reaching",
        "if :: host -> make(t)",
        "if :: host && !(PLANTED && o == NO - 1) -> make(t)",
        "not reached",
    ),
    "what-was-reached-is-looked-at-again": (
        "tests/flush/spec:reaching",
        "cursor[t] = lk + 1;",
        "cursor[t] = lk + !PLANTED;",
        "reached twice",
    ),
    "what-was-reached-is-not-counted": (
        "tests/flush/spec:reaching",
        "counted[TREE(n)]++;",
        "counted[TREE(n)] = counted[TREE(n)] + !PLANTED;",
        "counted",
    ),
    "nobody-ends-what-has-reached-all": (
        "tests/flush/spec:reaching",
        "above[n] != 0 || stage[TREE(n)] == HAS_GONE || stage[TREE(n)] == DONE_WITH)\n",
        "above[n] != 0 || (stage[TREE(n)] == HAS_GONE && !PLANTED) || stage[TREE(n)] == DONE_WITH)\n",
        "stuck",
    ),
}

needs_spin = pytest.mark.skipif(
    not shutil.which("spin") or not shutil.which("cc"), reason="no SPIN"
)


def compiled(folder: Path, text: str) -> None:
    (folder / "model.pml").write_text(text, encoding="utf-8")
    for command in (
        ["spin", "-a", "-DSAFE", "model.pml"],
        ["cc", "-w", "-DSAFETY", "-DNOCLAIM", "-o", "pan", "pan.c"],
    ):
        subprocess.run(command, cwd=folder, check=True, capture_output=True)


def explored(folder: Path, planted: int = 0) -> str:
    """What a search tells of the first thing that is wrong; empty if nothing is."""
    told = {"env": {**os.environ, "PLANTED": str(planted)}, "cwd": folder, "check": True}
    (folder / "model.pml.trail").unlink(missing_ok=True)
    subprocess.run(["./pan", "-m100000"], capture_output=True, **told)
    if not (folder / "model.pml.trail").exists():
        return ""
    told["check"] = False
    trail = subprocess.run(["./pan", "-r", "model.pml.trail"], stdout=subprocess.PIPE, **told)
    return trail.stdout.decode()


def searched(folder: Path, text: str) -> str:
    compiled(folder, text)
    return explored(folder)


@functools.cache
def chosen(spec: str, which: str, **more) -> Model:
    """One model of a spec."""
    bounds = replace(catalogue.QUICK, **more)
    found = catalogue.models(load(spec, Report()), bounds=bounds)
    return next(m for m in found if m.name.endswith(f"_{which}"))


def quick(spec: str, which: str, **more) -> str:
    return chosen(spec, which, **more).text


def planted_model(place: str) -> Model:
    spec, _, which = place.partition(":")
    return chosen(f"{ROOT}/{spec}", which or "trees")


@pytest.fixture(scope="module")
def planted_in(tmp_path_factory):
    """The folder with the program of a model that has all that is planted there, made once."""

    @functools.cache
    def made(place: str) -> Path:
        text = planted_model(place).text
        for number, (where, was, planted, _) in enumerate(PLANTED.values(), 1):
            if where == place:
                assert text.count(was) == 1
                text = text.replace(was, planted.replace("PLANTED", f"(planted == {number})"))
        begin = "active proctype host_calls() {\n"
        assert text.count(begin) == 1
        chosen = '  c_code { now.planted = atoi(getenv("PLANTED")); };\n'
        folder = tmp_path_factory.mktemp("planted")
        compiled(folder, "byte planted;\n" + text.replace(begin, begin + chosen))
        return folder

    return made


@needs_spin
@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_in_trees_is_found(planted_in, name):
    place, _, _, found = PLANTED[name]
    told = explored(planted_in(place), list(PLANTED).index(name) + 1)
    assert f"@broken {properties.why(found)} " in told
    assert_is_a_story(planted_model(place), told, found)


def assert_is_a_story(model: Model, told: str, found: str) -> None:
    """Where it begins, what the host asks in trees, and what is wrong, in words: each mark is a line."""
    story = model.story(told)
    assert story[0].startswith("at first, ")
    assert any(re.fullmatch(r"the host asks: .* \(tree [12]\)", line) for line in story)
    assert any(re.match(r"the turn of node \d of tree [12]: ", line) for line in story)
    assert story[-1].startswith("WRONG, ") and story[-1].endswith(properties.REASONS[found])


# A loss by itself, for what is repaired by taking it out and putting it back; who stands on it is told.
TOLD = """
    roll_up:
      - {role: placeholder, status: success}
      - {role: new, own: good, dependents: some_bad, status: partial}
      - {role: new, status: own}
      - {role: reference, own: good, dependents: some_bad, status: partial}
      - {role: reference, status: own}
"""
FADES = {
    "port.yaml": {
        "\nstates:\n": "\nevents: {faded: {doc: It is gone., hardware: has_not}}\n\nstates:\n",
        "      change:\n": "      faded: {to: lost, mark: dead}\n      change:\n",
    },
    "target.yaml": {
        "    restore:  {stay: true}\n": "    restore:  {stay: true}\n    faded:    {stay: true}\n",
        "    destroy:  {defer: true}\n": "    destroy:  {defer: true}\n    faded:    {defer: true}\n",
        "  io_error:  {": "  partial: {value: 1, host: SOME, good: true, doc: Some.}\n  io_error:  {",
        "    brings: [const, cached, link]\n": f"    brings: [const, cached, link]{TOLD}",
        "[success, io_error, again, no_mem": "[success, partial, io_error, again, no_mem",
    },
}


def fading(spec: Path) -> str:
    """A spec whose ports are lost by themselves, too."""
    shutil.copytree(f"{ROOT}/tests/differential/spec", spec)
    for name, changes in FADES.items():
        text = (spec / name).read_text(encoding="utf-8")
        for was, is_now in changes.items():
            assert text.count(was) == 1
            text = text.replace(was, is_now)
        (spec / name).write_text(text, encoding="utf-8")
    return str(spec)


@needs_spin
def test_what_the_device_ends_in_a_tree_is_missed_by_what_stands_on_it(tmp_path):
    """That the hardware ended it is what excuses a link to it: forgotten, the search finds the link."""
    text = quick(fading(tmp_path / "spec"), "trees", tree_events=True)
    assert "lapsed[o] = 1;" in text
    told = searched(tmp_path, text.replace("lapsed[o] = 1;", "skip;"))
    assert "@fell" in told and f"@broken {properties.why('unlinked')} " in told


@needs_spin
@pytest.mark.parametrize("forgotten", [False, True])
def test_an_event_that_waits_claims_nothing_of_a_new_entry(tmp_path, forgotten):
    """The fault of `flue_events_disclaim` left out: a repair puts in what is then taken for lost."""
    text = quick(fading(tmp_path / "spec"), "port")
    assert text.count("; disclaim() ::") == 1
    told = searched(tmp_path, text.replace("; disclaim() ::", " ::") if forgotten else text)
    assert (f"@broken {properties.why('has not')} " in told) == forgotten
    assert bool(told) == forgotten
