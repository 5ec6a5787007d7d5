# SPDX-License-Identifier: BSD-2-Clause
"""The compiler's rooms: data flows one way, so what stands below asks nothing of what stands above.

    syntax, model <- resolve <- check <- backends <- cli

No back end imports another, or the checker; and no rule reads the tree that a file was parsed to.
"""

import ast
import re
from pathlib import Path

import pytest
from helpers import ROOT

PACKAGE = Path(ROOT, "codegen", "flue")
BASE = {"model", "diagnostics"}
ALLOWED = {  # by room; each may use itself
    "model": set(),
    "diagnostics": {"model"},
    "files": {"model"},
    "terminal": set(),
    "syntax": BASE,
    "resolve": BASE | {"syntax"},
    "check": BASE,
    "backends": {"model"},
    "backends.c": BASE | {"files"},
    "backends.promela": BASE | {"files", "terminal"},
    "backends.docs": BASE | {"files"},
}
ON_TOP = {
    "__init__",
    "__main__",
    "cli",
    "compiler",
    "diff",
    "lsp",
    "new",
    "play",
    "ranges",
    "simulate",
    "trace",
    "usage",
    "writers",
}


def room_of(inner):
    """(check, walk) -> check; (backends, c, target) -> backends.c."""
    if inner[0] != "backends":
        return inner[0]
    known = len(inner) > 1 and (PACKAGE / "backends" / inner[1]).is_dir()
    return ".".join(inner[:2]) if known else "backends"


def imported(path):
    """The modules of the compiler that one of its files imports, anywhere in it."""
    package = path.relative_to(PACKAGE).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (a.name[5:] for a in node.names if a.name.startswith("flue."))
        elif isinstance(node, ast.ImportFrom):
            above = ("flue", *package[: len(package) + 1 - node.level]) if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names if f"{base}.".startswith("flue.") else ():
                inner = f"{base}.{alias.name}".split(".")[1:]
                module = PACKAGE.joinpath(*inner)
                is_module = module.is_dir() or module.with_suffix(".py").exists()
                yield ".".join(inner if is_module else inner[:-1])


def modules():
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, room_of(path.relative_to(PACKAGE).with_suffix("").parts)


@pytest.mark.parametrize("path, here", modules(), ids=lambda x: getattr(x, "stem", x))
def test_a_room_uses_only_what_stands_below_it(path, here):
    if here in ON_TOP:
        return
    rooms = {room_of(name.split(".")) for name in imported(path) if name}
    assert rooms - {here, "__init__"} <= ALLOWED[here] | ({"backends"} if "." in here else set())


def test_every_room_is_known():
    assert {here for _, here in modules()} == set(ALLOWED) | ON_TOP


@pytest.mark.parametrize("folder", ["check", "backends"])
def test_above_the_resolver_nobody_reads_what_was_parsed(folder):
    """The model says where its parts stand: `place()` and `key()`."""
    for path in sorted((PACKAGE / folder).rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        read = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr == "source"]
        assert not [f"{path.name}:{n.lineno}" for n in read]


README = Path(ROOT, "codegen", "README.md").read_text(encoding="utf-8")


def test_the_table_of_modules_is_complete():
    """Who looks for the place of a change reads it first."""
    rows = re.findall(r"^\| (?:([a-z/]+) )?\| ((?:`\w+`,? ?)+) \|", README, re.MULTILINE)
    told = {(here, name) for here, names in rows for name in re.findall(r"`(\w+)`", names)}
    there = set()
    for path in PACKAGE.rglob("*.py"):
        here = path.relative_to(PACKAGE).parent.as_posix().replace(".", "")
        if path.stem[:2] != "__" and (
            here != "check" or path.stem in ("registry", "earlier", "consequences", "misdeclared")
        ):
            there.add((here, path.stem))
    assert told == there


def test_places_named_for_a_change_exist():
    for name in re.findall(r"`((?:model|resolve|check|backends)/[\w/]+\.py)`", README):
        assert (PACKAGE / name).is_file(), name
    for name in re.findall(r"`templates/(\w+\.j2)`", README):
        assert (PACKAGE / "backends/c/templates" / name).is_file(), name
    calls = re.findall(r"`(\w+/[\w/]+\.py)`,? ?((?:`_?\w+\(?\)?`(?: or |, )?)+)", README)
    assert len(calls) > 8
    for file, names in calls:
        text = (PACKAGE / file).read_text(encoding="utf-8")
        for name in re.findall(r"`(\w+)", names):
            found = re.search(rf"\b(def|class) {name}\b|^{name} = ", text, re.MULTILINE)
            assert found, f"{name} in {file}"
