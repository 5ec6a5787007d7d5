# SPDX-License-Identifier: BSD-2-Clause
"""The docs say what is so: the tutorial is followed, the reference compared with schema and rules.

FLUE_UPDATE=1 writes anew what the tutorial's commands print, and the lines that traces name; read the
diff.
"""

import os
import re
import shutil
from pathlib import Path

import doc_steps
import jsonschema
import pytest
from doc_schema import examples, schema_keys, schema_of, table_keys
from doc_steps import Steps, patched, same
from doc_traces import STEP, corrected
from helpers import ROOT, Report, load, spec

TUTORIAL = Path(ROOT, "spec", "tutorial.md")
REFERENCE = Path(ROOT, "spec", "reference.md").read_text(encoding="utf-8")
COMPILER = Path(ROOT, "codegen", "flue")


def followed(folder):
    for name in ("schema", "example", "chimney"):
        shutil.copytree(spec(name), folder / "spec" / name)
    steps = Steps(TUTORIAL.read_text(encoding="utf-8"), str(folder), ROOT)
    return steps, steps.follow()


def test_the_tutorial_prints_what_it_says(tmp_path):
    steps, page = followed(tmp_path)
    if os.environ.get("FLUE_UPDATE") == "1":
        TUTORIAL.write_text(page, encoding="utf-8")
        return
    for line, printed, said in steps.stale:
        assert (
            printed == said
        ), f"{TUTORIAL.relative_to(ROOT)}:{line}: FLUE_UPDATE=1 if this is meant"
    assert not steps.stale
    if steps.believed:
        pytest.skip(f"spin is not installed, so nobody ran {steps.believed}")


def test_steps_believe_what_they_cannot_run(tmp_path, monkeypatch):
    monkeypatch.setattr(doc_steps, "NEEDS", (("echo", "no-such-program"),))
    steps = Steps("```console\n$ echo one\ntwo\n$ printf a\nb\n```\n", str(tmp_path), ROOT)
    steps.follow()
    assert steps.believed == ["echo one"] and steps.stale == [(4, "a", "b\n")]


def test_steps_see_what_is_stale(tmp_path):
    page = "```console\n$ echo one\ntwo\n$ printf 'a\\nb\\nc\\n'\na\n...\nc\n```\n"
    steps = Steps(page, str(tmp_path), ROOT)
    assert steps.follow() == page.replace("two", "one")
    assert steps.stale == [(2, "one\n", "two\n")]


def test_steps_write_change_and_take_back(tmp_path):
    file = "<!-- file: f -->\n```yaml\na: 1\n```\n<!-- more: f -->\n```yaml\nb: 2\n```\n"
    page = file + "```diff\n--- f\n-b: 2\n+b: 3\n```\n"
    Steps(page, str(tmp_path), ROOT).follow()
    assert (tmp_path / "f").read_text() == "a: 1\n\nb: 3\n"
    Steps(page + "back <!-- undo -->.\n", str(tmp_path), ROOT).follow()
    assert (tmp_path / "f").read_text() == "a: 1\n\nb: 2\n"
    with pytest.raises(AssertionError, match="0 times in f"):
        patched("a\n", "-b\n+c\n", "f")
    assert same("took 12 ms\n", "took 3 ms\n") and not same("a\n...\n", "b\n")


KEYS = schema_keys()
TABLES = table_keys(REFERENCE)


def test_every_mapping_has_its_table():
    assert sorted(TABLES) == sorted(KEYS)


@pytest.mark.parametrize("name", sorted(KEYS))
def test_every_key_is_explained(name):
    assert sorted(TABLES[name].known) == sorted(KEYS[name].known)
    assert sorted(TABLES[name].required) == sorted(KEYS[name].required)


@pytest.mark.parametrize("name", sorted(KEYS))
def test_every_key_has_an_example(name):
    shown = set()
    for of, instance in examples(REFERENCE):
        if of == name:
            shown |= instance.keys()
    assert sorted(KEYS[name].known - shown) == []


def test_examples_fit_the_schema():
    for name, instance in examples(REFERENCE):
        jsonschema.validate(instance, schema_of(name))


FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def links_of(path):
    """(file, section) of each link into the checkout; a section of the page itself has no file."""
    text = FENCED.sub("", path.read_text(encoding="utf-8"))
    for file, section in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", text):
        if "://" not in file:
            yield file, section


def sections_of(path):
    """What a link may name behind its #, as the sites make it that show Markdown."""
    text = FENCED.sub("", path.read_text(encoding="utf-8"))
    for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE):
        yield re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


NO_PAGES = {"build", "node_modules"}  # what comes of building, and of packaging the extension
PAGES = [p for p in Path(ROOT).rglob("*.md") if not NO_PAGES & {*p.relative_to(ROOT).parts}]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for file, section in links_of(page):
        target = page.parent / file if file else page
        assert target.exists(), file
        assert not section or section in sections_of(target), f"{file}#{section}"


def test_a_link_to_no_section_is_noticed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A `b`, or c-d?\n[x](page.md#a-b-or-c-d) [y](#e)\n```\n# e\n```\n")
    assert list(sections_of(page)) == ["a-b-or-c-d"]
    assert list(links_of(page)) == [("page.md", "a-b-or-c-d"), ("", "e")]
    with pytest.raises(AssertionError, match="#e"):
        test_links_lead_somewhere(page)


def test_files_in_pictures_of_the_architecture_exist():
    page = Path(ROOT, "ARCHITECTURE.md").read_text(encoding="utf-8")
    pictures = "".join(re.findall(r"```mermaid\n(.*?)```", page, re.DOTALL))
    shown = set(re.findall(r"\b([a-z_]+\.[ch])\b", pictures)) - {"target.c", "target_object.c"}
    there = {p.name for p in Path(ROOT, "runtime").rglob("*.[ch]")} | {"target_host.h"}
    assert len(shown) > 15 and sorted(shown - there) == []
    rooms = set(re.findall(r"\b(syntax|resolve|model|check|backends/[a-z]+)\b", pictures))
    assert rooms and all(COMPILER.joinpath(room).is_dir() for room in rooms)


TRACES = Path(ROOT, "docs", "debugging.md")


def test_traces_in_the_docs_are_of_these_machines():
    text = TRACES.read_text(encoding="utf-8")
    assert len(STEP.findall(text)) > 10
    page, wrong = corrected(text, load(spec("chimney"), Report()))
    assert wrong == []
    if os.environ.get("FLUE_UPDATE") == "1":
        TRACES.write_text(page, encoding="utf-8")
    else:
        assert text == page, "FLUE_UPDATE=1 if lines of spec/chimney have moved"


def test_a_wrong_trace_is_noticed():
    target = load(spec("chimney"), Report())
    moved, wrong = corrected(
        "path 0 done: updating -> offloaded (tcp.yaml:3): line 3 of `path.yaml`", target
    )
    assert wrong == [] and re.search(r"\(path\.yaml:(\d+)\): line \1 of `path\.yaml`$", moved)
    assert corrected("path 0 done: updating -> free (path.yaml:3)", target)[1]
    assert corrected("line 3 of `path.yaml`", target)[1]


COMMAND = re.compile(r"(?:^ {4}|`|\$ )((?:tests|tools|codegen)/[\w/]+\.(?:py|sh)) ", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_that_are_shown_as_commands_can_be_run(page):
    shown = COMMAND.findall(page.read_text(encoding="utf-8"))
    assert [name for name in shown if not os.access(Path(ROOT, name), os.X_OK)] == []
