# SPDX-License-Identifier: BSD-2-Clause
"""Every name of every spec leads an editor to what makes it, and from there back.

Asked of the server's study itself, without a protocol in between: test_lsp.py has that.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from flue.lsp.study import Study
from flue.lsp.words import hover
from flue.model import Where
from flue.model.types import built_in
from flue.resolve.namespace import Use
from flue.syntax.schema import load_schema
from flue.syntax.tree import Located

ROOT = Path(__file__).resolve().parents[2]
SPECS = sorted(p.parent for p in (ROOT / "spec").glob("*/target.yaml"))

# Words of the language stand where names do, and nothing in a spec makes them: an editor shows what
# the schema says instead. By what is looked up there; built-in types are not listed.
WORDS = {
    "command": {"nothing", "none", "old_values"},
    "event": {"done", "failed", "reset", "restore", "commit", "abort"},
    "object": {"target"},
    "operation": {"nobody", "nothing"},
    "parameter": {"object_handle", "target_handle", "code", "detail", "data", "node"},
    "result": {"others", "timeout", "reset"},
    "sort of states": {"idle", "busy", "busy.nobody"},
    "state": {"before"},
    "status": {"own", "from_command"},
    "struct": {"node", "void", "u64"},
    "variable": {"full", "parent"},
    "variable, flag or link": {"link"},
    "variable, flag, link or class": {"link"},
}

# Keys under which a text that looks like a name of the spec is none, and what it is.
OTHER = {
    "doc": "prose",
    "hardware": "what it has: has, has_not, unsure",
    "host": "a member of the host's struct in C",
    "object": "what makes the name of the object",
    "passes": "in a transfer: what makes the name of a number",
}
NEW = {"members", "transfers"}  # mappings of which a key makes a name that nothing in a spec uses


@lru_cache(maxsize=None)
def study(spec: Path) -> Study:
    return Study(str(spec), {})


def is_word(use: Use) -> bool:
    return use.name in WORDS.get(use.names.kind, ()) or built_in(use.name) is not None


def text_at(found: Study, where: Where) -> str:
    line = found.lines(where.file)[where.line - 1]
    return line[where.column - 1 : where.column - 1 + where.width].strip("\"'")


each_spec = pytest.mark.parametrize("spec", SPECS, ids=lambda p: p.name)


@each_spec
def test_definition_of_every_use(spec):
    """The declaration's text is the name; a word of the language has none, and the schema's doc."""
    found = study(spec)
    assert not found.work.report.diagnostics and len(found.uses) > 100
    lost = []
    for use in found.uses:
        made = found.declarations_of(use)
        last = use.name.partition(" ")[0].rpartition(".")[2].partition("/")[0]
        if made and {text_at(found, d.where) for d in made} == {last}:
            continue
        place = use.where.file, use.where.line, use.where.column
        if made or not is_word(use) or use.name not in (hover(found, *place) or ""):
            lost.append((place, use.names.kind, use.name))
    assert not lost


@each_spec
def test_references_of_every_declaration_have_every_use_of_it(spec):
    found = study(spec)
    reached = 0
    for use in found.uses:
        for made in found.declarations_of(use):
            assert use.where in {u.where for u in found.uses_of(made)}, use
            there = found.declarations_at(made.where.file, made.where.line, made.where.column)
            reached += made in there
    assert reached > 100


@each_spec
def test_every_text_that_is_a_name_is_a_use(spec):
    """By the text alone: whoever adds a key whose value is a name must look that name up."""
    found = study(spec)
    every = [d for file in found.trees for d in found.declarations(file)]
    made = {d.name for d in every if d.sort not in ("class", "layout")}  # which are words, too
    own = {d.where for d in every}
    places = {(u.where.file, u.where.line, u.where.column) for u in found.uses}
    missed = [
        (text, under, where)
        for tree in found.trees.values()
        for text, under, where in texts(tree, "")
        if any(part in made for part in text.split(".")) and where not in own
        if under not in OTHER and (where.file, where.line, where.column) not in places
    ]
    assert not missed


@each_spec
def test_each_part_of_a_name_with_dots_is_a_use(spec):
    """in_sa.direction: the link, and the variable of what it leads to."""
    found = study(spec)
    for use in [
        u for u in found.uses if "." in u.name and u.name.partition(".")[0] in links(found)
    ]:
        first = found.declarations_at(use.where.file, use.where.line, use.where.column)
        end = use.where.column + use.where.width
        last = found.declarations_at(use.where.file, use.where.line, end)
        assert [d.sort for d in (*first, *last)] == ["link", "variable"], use


def test_the_exempt_words_are_met():
    """None is listed that no spec has."""
    met: dict[str, set[str]] = {}
    for spec in SPECS:
        for use in study(spec).uses:
            if is_word(use) and not study(spec).declarations_of(use):
                met.setdefault(use.names.kind, set()).add(use.name)
    met.pop("type")
    assert met == WORDS


def links(found: Study) -> set[str]:
    return {name for tree in found.trees.values() for name, _ in tree.items("links")}


def texts(tree: Located, under: str) -> Iterator[tuple[str, str, Where]]:
    """Each text and each free key of a tree, with the key that it stands under."""
    for key, child in tree.items():
        if key not in keys_of_the_language() and under not in NEW:
            yield key, under, tree.keys[key]
        yield from texts(child, key)
    for item in tree.each() if tree.kind == "list" else ():
        yield from texts(item, under)
    if tree.kind == "text":
        yield str(tree.value), under, tree.where


@lru_cache(maxsize=None)
def keys_of_the_language() -> set[str]:
    found: set[str] = set()
    todo: list = [load_schema()]
    while todo:
        one = todo.pop()
        if isinstance(one, dict):
            found |= set(one.get("properties", ()))
        todo += one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
    return found
