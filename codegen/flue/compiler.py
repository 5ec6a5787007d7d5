# SPDX-License-Identifier: BSD-2-Clause
"""A spec folder -> Target: parse, shape, names, and the rules over all of it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from flue.backends.c.manifest import output_names
from flue.model import Target, Where
from flue.resolve.folder import Files, resolve
from flue.syntax.schema import validate
from flue.syntax.source import files_of, read
from flue.syntax.tree import Located

from .diagnostics import Report

RULE = "spec-files"
_ODD = re.compile(r"""[][\"'$#;&*?<>|:\\^`\x00-\x1f]""")  # as for folders, in flue_path.cmake


@dataclass
class Work:
    """A spec folder on its way; each pass adds what it finds."""

    directory: str
    report: Report
    names: list[str] = field(default_factory=list)  # of the files, as given
    trees: list[Located] = field(default_factory=list)  # of those that are YAML
    kinds: dict[str, list[Located]] = field(
        default_factory=lambda: {"target": [], "node": [], "object": []}
    )
    target: Target | None = None
    rules: int = 0  # it was held against
    texts: Mapping[str, str] = field(default_factory=dict)  # what files hold that are being edited


def analyse(directory: str, report: Report) -> tuple[Target | None, int]:
    """The model, if it is without errors, and how many rules it was held against."""
    work = _through(PASSES, Work(directory, report))
    return (None if report.failed else work.target), work.rules


def study(directory: str, texts: Mapping[str, str]) -> Work:
    """All that can be known of a folder whose files are being edited: report, trees, the model so far."""
    return _through(PASSES, Work(directory, Report(), texts=texts))


def load(directory: str, report: Report) -> Target | None:
    """The model of the specs in `directory` without the rules; None if there are errors.

    Paths in messages and in the model are `directory` as given, joined with the file's name.
    """
    work = _through(PASSES[: NAMES + 1], Work(directory, report))
    return None if report.failed else work.target


def _through(passes: tuple[Pass, ...], work: Work) -> Work:
    for one, _ in passes:
        if not one(work):
            break
    return work


def _find(work: Work) -> bool:
    top = Where(work.directory, 0, 0)
    if not os.path.isdir(work.directory):
        work.report.error(top, RULE, "not a folder")
        return False
    work.names = files_of(work.directory)
    if not work.names:
        work.report.error(top, RULE, "the folder has no spec: no *.yaml")
        return False
    return _names_fit(work.names, work.report)


def _parse(work: Work) -> bool:
    found = (read(name, work.report, work.texts.get(name)) for name in work.names)
    work.trees = [tree for tree in found if tree is not None]
    return True


def _shape(work: Work) -> bool:
    for tree in work.trees:
        kind = _kind(tree, work.report)
        if kind is not None:
            validate(tree, kind, work.report)
            work.kinds[kind].append(tree)
    return True


def _set(work: Work) -> bool:
    if len(work.trees) < len(work.names):
        return False
    _check_set(work.directory, work.kinds, work.report)
    return True


def _resolve(work: Work) -> bool:
    files = _files(work.kinds, tuple(work.names))
    if files is None:
        return False
    work.target = resolve(files, work.report)
    return True


def _poison(work: Work) -> bool:
    """Objects with errors have holes where names are unknown; rules are to pass over them."""
    target, bad = work.target, {d.file for d in work.report.diagnostics} | work.report.holes
    assert target is not None
    if work.report.failed and bad & {target.file, target.node.file}:
        return False
    objects = (o.poison() if work.report.failed and o.file in bad else o for o in target.objects)
    work.target = replace(target, objects=tuple(objects))
    return True


def _rules(work: Work) -> bool:
    """Beside poison, what is said of the target, or as a mere warning, may be wrong: only errors of
    sound objects are kept."""
    from flue import check

    assert work.target is not None
    if not work.report.failed:
        work.rules = check.run(work.target, work.report)
        return True
    found, sound = Report(), {o.file for o in work.target.objects if not o.poisoned}
    check.run(work.target, found)
    work.report.take(d for d in found.diagnostics if d.severity == "error" and d.file in sound)
    return True


Pass = tuple[Callable[[Work], bool], str]  # False: there is nothing for those behind it

# In this order, and why.
PASSES: tuple[Pass, ...] = (
    (_find, "first: what files are called stands in C and in depfiles"),
    (_parse, "each file by itself: what is no YAML in one hides nothing of the others"),
    (_shape, "before names: they are looked up where the schema says that they stand"),
    (_set, "after shapes: wrong keys are told even where a file is missing or one too many"),
    (_resolve, "all files at once: an object may use what any of them declares"),
    (_poison, "after the last error of names, before whoever would stumble over the holes"),
    (_rules, "last: they believe what they are given"),
)
NAMES = next(i for i, (one, _) in enumerate(PASSES) if one is _resolve)


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
    name = os.path.splitext(os.path.basename(tree.where.file))[0]  # which may be that of its object
    report.explain({name, *(str(v.value) for _, v in tree.items() if v.kind == "text")})
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


def outputs_of(
    directory: str,
    out_dir: str,
    report: Report,
    suite: bool = False,
    device: bool = False,
    simulate: bool = False,
) -> list[str]:
    """The target's file and the files to be generated, knowing no more than that one spec file.

    Nothing (and an error in the report) if there is no target file that says what is needed.
    """
    for name in files_of(directory):
        tree = read(name, report)
        if tree is not None and tree.get("target") is not None:
            objects = [str(x.value) for x in tree.each("objects")]
            names = output_names(tree.text("target"), objects, suite, device, simulate)
            return [name, *(os.path.join(out_dir, n) for n in names)]
    if not report.failed:
        report.error(Where(directory, 0, 0), "spec-files", "no target file")
    return []
