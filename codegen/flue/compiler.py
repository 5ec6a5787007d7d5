# SPDX-License-Identifier: BSD-2-Clause
"""A spec folder -> Target: parse, shape, names, and the rules over all of it."""

from __future__ import annotations

import os
import re

from flue.backends.c.manifest import output_names
from flue.model import Target, Where
from flue.resolve.folder import Files, resolve
from flue.syntax.schema import validate
from flue.syntax.source import Located, files_of, read

from .diagnostics import Report

RULE = "spec-files"
_ODD = re.compile(r"""[][\"'$#;&*?<>|:\\^`\x00-\x1f]""")  # as for folders, in flue_path.cmake


def analyse(directory: str, report: Report) -> tuple[Target | None, int]:
    """The model, if it is without errors, and how many rules it was held against."""
    target = load_with_holes(directory, report)
    if target is None:
        return None, 0
    from flue import check

    if not report.failed:
        rules = check.run(target, report)
        return (None if report.failed else target), rules
    _check_the_rest(target, report, check)
    return None, 0


def _check_the_rest(target: Target, report: Report, check) -> None:
    """Rules for the files that are still without errors: one typo must not hide the others.

    Where names are missing the model has holes. So a rule may stumble, and what it says of the target,
    of an object with errors, or as a mere warning, may be wrong: only errors of good objects are kept.
    """
    bad = {d.file for d in report.diagnostics}
    if bad & {target.file, target.node.file}:
        return
    good = {obj.file for obj in target.objects} - bad
    for rule in check.RULES.values():
        found = Report()
        try:
            rule.run(target, found)
        except Exception:  # noqa: BLE001  (it met a hole, and the error that made it is reported)
            continue
        report.take(d for d in found.diagnostics if d.severity == "error" and d.file in good)


def load(directory: str, report: Report) -> Target | None:
    """The model of the specs in `directory`; None if the report has errors about them.

    Paths in messages and in the model are `directory` as given, joined with the file's name.
    """
    target = load_with_holes(directory, report)
    return None if report.failed else target


def load_with_holes(directory: str, report: Report) -> Target | None:
    """As `load`, but where names are unknown the model has holes; None if there is no telling."""
    if not os.path.isdir(directory):
        report.error(Where(directory, 0, 0), RULE, "not a folder")
        return None
    names = files_of(directory)
    if not names:
        report.error(Where(directory, 0, 0), RULE, "the folder has no spec: no *.yaml")
        return None
    if not _names_fit(names, report):
        return None
    trees = [tree for tree in (read(name, report) for name in names) if tree is not None]
    kinds: dict[str, list[Located]] = {"target": [], "node": [], "object": []}
    for tree in trees:
        kind = _kind(tree, report)
        if kind is not None:
            validate(tree, kind, report)
            kinds[kind].append(tree)
    if len(trees) == len(names):
        _check_set(directory, kinds, report)
    files = _files(kinds, tuple(names))
    if files is None or len(trees) < len(names):
        return None
    return resolve(files, report)


def _names_fit(names: list[str], report: Report) -> bool:
    """They stand in strings and comments of C, and in depfiles."""
    for name in names:
        odd = _ODD.search(os.path.basename(name))
        if odd:
            text = f"the name of a spec file may not have {odd[0]!r} in it"
            report.error(Where(name, 0, 0), RULE, text)
    return not report.failed


def _kind(tree: Located, report: Report) -> str | None:
    """What a file is about, told by its top key."""
    kinds = [k for k in ("target", "node", "object") if k in tree.keys]
    if len(kinds) == 1:
        return kinds[0]
    text = 'a spec file has one of the keys "target", "node" and "object"'
    where = tree.keys[kinds[1]] if kinds else Where(tree.where.file, 0, 0)
    report.error(where, RULE, text + (", not two" if kinds else ", this has none"))
    return None


def _check_set(directory: str, kinds: dict[str, list[Located]], report: Report) -> None:
    """One target file, one node file, and at least one object."""
    for kind in ("target", "node"):
        for extra in kinds[kind][1:]:
            first = kinds[kind][0].where.file
            report.error(_where(extra, kind), RULE, f"a second {kind} file; the first is {first}")
    for kind, found in kinds.items():
        if not found and not report.failed:
            text = f'no {kind} file: none has the key "{kind}" at its top'
            report.error(Where(directory, 0, 0), RULE, text)


def _where(tree: Located, kind: str) -> Where:
    return tree.keys[kind]


def _files(kinds: dict[str, list[Located]], names: tuple[str, ...]) -> Files | None:
    """The trees to resolve, if every file that is needed is there and says its name."""
    for kind, trees in kinds.items():
        kinds[kind] = [tree for tree in trees if tree.get(kind) is not None]
    if any(len(kinds[kind]) != 1 for kind in ("target", "node")) or not kinds["object"]:
        return None
    return Files(kinds["target"][0], kinds["node"][0], kinds["object"], names)


def outputs_of(directory: str, out_dir: str, report: Report, suite: bool = False) -> list[str]:
    """The target's file and the files to be generated, knowing no more than that one spec file.

    Nothing (and an error in the report) if there is no target file that says what is needed.
    """
    for name in files_of(directory):
        tree = read(name, report)
        if tree is not None and tree.get("target") is not None:
            objects = [str(x.value) for x in tree.each("objects")]
            names = output_names(tree.text("target"), objects, suite)
            return [name, *(os.path.join(out_dir, n) for n in names)]
    if not report.failed:
        report.error(Where(directory, 0, 0), "spec-files", "no target file")
    return []
