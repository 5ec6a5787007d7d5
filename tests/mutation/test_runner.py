# SPDX-License-Identifier: BSD-2-Clause
"""The runner of mutants can fail: for one that nothing finds, that does not apply, that is not tried."""

import json
import os
import sys

import pytest
from jsonschema import validators
from mutation import results, run, table, trial
from mutation.layers import Said, carries, programs
from mutation.results import Results, Row
from mutation.subjects import subject
from mutation.table import Edit, Mutant
from mutation.trial import asked, judged

FOUND = """\
mutates: specs
mutants:
  - name: one
    what: a failed update is not completed
    found_by: [check]
    edits:
      - file: spec/chimney/path.yaml
        replace: "failed: {undo: update, to: reverting}"
        with: "failed: {to: offloaded}"
"""
UNSEEN = FOUND.replace("failed: {to: offloaded}", "failed: {to: reverting, undo: update}")


@pytest.fixture(name="tried")
def _tried(tmp_path, capsys):
    """Runs a table; exit status, and what was printed."""

    def run_it(text, *words):
        folder = tmp_path / "tables"
        folder.mkdir(exist_ok=True)
        (folder / "t.yaml").write_text(text, encoding="utf-8")
        status = run.main([*words, "--tables", str(folder)])
        said = capsys.readouterr()
        return status, (said.out + said.err).replace(f"{folder}/", "")

    return run_it


def test_a_mutant_that_is_found(tried, tmp_path):
    rows = tmp_path / "rows/one.json"
    status, said = tried(FOUND, "--rows", str(rows))
    assert status == 0 and "1 of 1 found" in said and "[completion-lost]" in said
    (row,) = json.loads(rows.read_text())["rows"]
    assert (row["name"], row["due"], row["found"]) == ("one", ["check"], ["check"])
    assert tried(FOUND, "--results", str(rows.parent))[0] == 0


def test_a_mutant_that_nothing_finds(tried, tmp_path):
    rows = tmp_path / "rows/one.json"
    status, said = tried(UNSEEN, "--rows", str(rows))
    assert status == 1 and "0 of 1 found" in said
    assert any("NOBODY" in x and x.endswith("<== WRONG") for x in said.splitlines())
    status, said = tried(UNSEEN, "--results", str(rows.parent))
    assert status == 1 and "NOBODY" in said


@pytest.mark.parametrize("words", [["--check"], []])
@pytest.mark.parametrize(
    "old, new, why",
    [
        ("undo: update, to: reverting", "undo: update, to: nowhere", "is not in"),
        ('"failed: {undo: update, to: reverting}"', '"doc:"', "times in"),
        ("chimney/path.yaml", "chimney/road.yaml", "there is no spec/chimney/road.yaml"),
        ("spec/chimney/path.yaml", "../README.md", "there is no ../README.md"),
    ],
)
def test_a_mutant_that_does_not_apply(tried, words, old, new, why):
    status, said = tried(FOUND.replace(old, new), *words)
    assert status == 1 and "t.yaml:8:9: does not apply: " in said and why in said


def test_a_mutant_that_applies(tried):
    assert tried(FOUND, "--check") == (0, "1 of 1 apply\n")


WRONG = {
    "an unknown key": (
        FOUND.replace("    edits:", "    patience: 9\n    edits:"),
        '6:5: unknown key "patience"; known here: name, what, found_by, kind, not_replayed, edits',
    ),
    "an unknown key of an edit": (
        FOUND.replace("        with:", "        becomes:"),
        '9:9: unknown key "becomes"; known here: file, replace, with',
    ),
    "a key that is missing": (
        FOUND.replace("        with:", "        becomes:"),
        '7:9: the key "with" is missing',
    ),
    "a layer that is none": (
        FOUND.replace("[check]", "[checker]"),
        '5:16: "checker" is none of check, model-A, model-B, replay',
    ),
    "a layer of another subject": (
        FOUND.replace("[check]", "[check, oracle]"),
        '5:23: "oracle" is none of check, model-A, model-B, replay',
    ),
    "a name that is none": (
        FOUND.replace("name: one", "name: One mutant"),
        '3:11: "One mutant" is not a name of lower-case words with hyphens between them',
    ),
    "a name that is there twice": (
        FOUND + FOUND[FOUND.index("  - name") :],
        '10:5: "one" is the name of another one, at t.yaml:3:5',
    ),
    "a text that stays as it is": (
        FOUND.replace("failed: {to: offloaded}", "failed:  {undo: update, to: reverting}"),
        "9:9: the text is as it was",
    ),
    "nobody who finds it": (FOUND.replace("[check]", "[]"), "5:5: what changes something has"),
    "nothing that is changed": (
        FOUND[: FOUND.index("edits:")] + "edits: []\n",
        "5:5: what changes",
    ),
    "another subject": (
        FOUND.replace("specs", "docs"),
        "1:10: a table says what it mutates: one of",
    ),
    "no subject": (
        FOUND.replace("mutates", "changes"),
        "1:1: a table says what it mutates: one of",
    ),
    "a key twice": (
        FOUND.replace("    what", "    name: b\n    what"),
        '4:5: the key "name" is there',
    ),
    "no YAML": (FOUND.replace("[check]", "[check"), "6:10: "),
    "nothing": ("# nothing\n", "1:1: the table is empty"),
    "replayed and not": (
        FOUND.replace("[check]", "[model-A, replay]").replace(
            "    edits:", "    not_replayed: it takes turns\n    edits:"
        ),
        '6:5: but "found_by" says that it is',
    ),
}


@pytest.mark.parametrize("words", [["--check"], ["--list"], []])
@pytest.mark.parametrize("text, finding", WRONG.values(), ids=WRONG)
def test_a_table_that_is_not_legal(tried, words, text, finding):
    status, said = tried(text, *words)
    assert status == 2 and f"t.yaml:{finding}" in said


def test_all_findings_are_told_in_order(tried):
    text = FOUND.replace("name: one", "name: One").replace("with:", "becomes:")
    said = tried(text)[1].splitlines()
    assert [x.split(": ")[0] for x in said] == ["t.yaml:3:11", "t.yaml:7:9", "t.yaml:9:9"]


def test_words_that_mean_none(tried):
    assert tried(FOUND, "--only", "two") == (2, "none of the mutants is meant\n")
    assert tried(FOUND, "--layer", "model-B")[0] == 2
    assert "no layer is called model-X; known: " in tried(FOUND, "--layer", "model-X")[1]


def test_who_must_find_it_must_and_no_other_will_do():
    (mutant,) = [m for m in table.load() if m.name == "stale-cookie-accepted"]
    assert mutant.found_by == ("histories", "lives")
    due, yes, no = ["histories", "runtime"], Said(True, "wrong"), Said(False)
    assert judged(mutant, due, {"runtime": yes, "histories": yes}).good
    assert not judged(mutant, due, {"runtime": yes, "histories": no}).good
    assert not judged(mutant, due, {"runtime": no, "histories": no}).good


def test_what_is_not_mutated_must_not_be_found():
    (control,) = [m for m in table.load() if not m.found_by]
    assert judged(control, [], {"suite": Said(False)}).good
    assert not judged(control, [], {"suite": Said(True, "wrong")}).good


class Broken:
    """A subject of which nothing can be made."""

    original = staticmethod(lambda file: "failed: {undo: update, to: reverting}")

    def made(self, *_):
        raise RuntimeError("it does not compile")


def test_a_mutant_that_cannot_be_tried_is_not_found():
    edit = Edit("x", "undo: update", "to: lost", "t.yaml:8:9")
    row = trial.tried(Broken(), Mutant("one", "", "specs", ("check",), (edit,), "t.yaml:3:5"), [])
    assert not row.good and row.says == "t.yaml:3:5: cannot be tried: it does not compile"


def left(tried, tmp_path, *found):
    """What --results says of these results, for a table with a mutant that two layers must find."""
    for number, each in enumerate(found):
        results.write(tmp_path / f"rows/{number}.json", each)
    text = FOUND.replace("[check]", "[model-A, replay]")
    return tried(text, "--results", str(tmp_path / "rows"))


def test_a_mutant_that_was_not_tried(tried, tmp_path):
    status, said = left(tried, tmp_path, Results("some", [Row("two", ["check"], ["check"], "")]))
    assert status == 1 and "t.yaml:3:5: one: nobody asked model-A, replay" in said


def test_a_layer_that_was_not_asked(tried, tmp_path):
    one = Row("one", ["model-A"], ["model-A"], "")
    status, said = left(tried, tmp_path, Results("some", [one]))
    assert status == 1 and "t.yaml:3:5: one: nobody asked replay" in said


def test_layers_asked_apart_or_not_there(tried, tmp_path):
    rows = [Row("one", [layer], [layer], "") for layer in ("model-A", "replay")]
    one, other = (Results("some", [row]) for row in rows)
    status, said = left(tried, tmp_path, one, other)
    assert status == 0 and said.endswith("\n1 of 1 found by all the layers that must find them\n")
    wrong = Results("some", [Row("one", ["replay"], [], "")])
    status, said = left(tried, tmp_path, one, wrong)
    assert status == 1 and said.endswith("\n0 of 1 found by all the layers that must find them\n")
    other = Results("some", [], {"replay": "spin is not installed"})
    status, said = left(tried, tmp_path, one, other)
    assert status == 0 and "skipped: layer replay: spin is not installed" in said


def test_no_results_are_no_success(tried, tmp_path):
    assert left(tried, tmp_path)[0] == 1


def test_what_cannot_be_asked_is_skipped_and_said(tried, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    rows = tmp_path / "rows/one.json"
    text = FOUND.replace("[check]", "[model-A]")
    status, said = tried(text, "--rows", str(rows))
    assert status == 77 and said.startswith("skipped: layer model-A: spin is not installed\n")
    assert results.read(rows).skipped == {"model-A": "spin is not installed"}
    other = FOUND[FOUND.index("  - name") :].replace("name: one", "name: two")
    status, said = tried(text + other, "--rows", str(rows))
    assert status == 0 and "1 of 1 found" in said and "skipped: layer model-A" in said


def test_a_python_without_pytest_finds_nothing_wrong(monkeypatch):
    assert not carries.LAYER.missing(None)
    monkeypatch.setattr(carries, "find_spec", lambda name: None)
    assert carries.LAYER.missing(None) == "there is no pytest"


def options(**more):
    words = run.arguments_of([])
    vars(words).update(more)
    return words


def test_the_schema_is_one():
    validators.validator_for(table.SCHEMA).check_schema(table.SCHEMA)


@pytest.mark.parametrize("name", table.SUBJECTS)
def test_the_schema_knows_the_layers(name):
    found_by = table.SCHEMA["$defs"][f"{name}_mutant"]["properties"]["found_by"]
    found_by = (
        table.SCHEMA["$defs"][found_by["$ref"].split("/")[-1]] if "$ref" in found_by else found_by
    )
    layers = subject(name, options()).layers
    assert found_by["items"]["enum"] == [x.name for x in layers]


def test_every_layer_has_something_to_find():
    meant = {(m.subject, layer) for m in table.load() for layer in m.found_by}
    layers = {(n, x.name) for n in table.SUBJECTS for x in subject(n, options()).layers}
    assert meant == layers


def test_layers_are_asked_when_it_is_their_turn():
    runtime = subject("runtime", options())
    (mutant,) = [m for m in table.load() if m.name == "stale-cookie-accepted"]

    def names(only="", skipped=(), due=False):
        return [x.name for x in asked(runtime, mutant, only, dict.fromkeys(skipped, ""), due)]

    assert names() == ["suite", "runtime", "oracle", "histories"]
    assert names("lives") == ["lives"] and names("oracle") == []
    assert names("", ["oracle"]) == ["suite", "runtime", "histories"]
    assert names(due=True) == ["histories"] and names("lives", due=True) == ["lives"]
    (control,) = [m for m in table.load() if m.subject == "runtime" and not m.found_by]
    assert asked(runtime, control, "", {}, due=True) == asked(runtime, control, "", {})


def test_a_program_that_does_not_end_leaves_nobody_behind(tmp_path):
    """Check runs each test in a process group of its own, and ends that one when it is told to end."""
    child = "import os, time; os.setpgid(0, 0); time.sleep(600)"
    text = f"""
import pathlib, signal, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {child!r}])
signal.signal(signal.SIGTERM, lambda *_: (child.kill(), child.wait(), sys.exit(1)))
pathlib.Path("pid").write_text(str(child.pid))
signal.pause()
"""
    assert programs.run([sys.executable, "-c", text], tmp_path, patience=3)[0] == -1
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
