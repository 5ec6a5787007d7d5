# SPDX-License-Identifier: BSD-2-Clause
"""The smallest spec that fails in the same way: what a failure of the family is about.

A cut takes a name out of the whole spec, with all that only refers to it; then what the check finds to be
of no use any more. It counts if the check is silent again, and the spec fails as before.
"""

from __future__ import annotations

import copy
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from built import Failure
from family import write

from flue.compiler import analyse
from flue.diagnostics import Report

Trees = dict[str, dict]
Fails = Callable[[Trees], "str | None"]  # of a spec with which the check is content

FIRST = ("operations", "states", "commands", "events", "conditions", "links")
ROUNDS = 12  # of what is of no use any more, one after another
NAME = re.compile(r'"(\w+)"')
USELESS = (
    "unused",
    "unreachable",
    "never",
    "no-such",
    "nothing",
    "unknown",
    "plan",
    "rule-without",
)


def manner(failure: str) -> str:
    """How it fails, without the names and numbers of one spec."""
    first = failure.splitlines()[0]
    kind, _, rest = first.partition(": ")
    if kind.startswith("model") or "history" in kind:
        words = rest.split(": ")[-1]
        return f"{kind.split()[0]} {' '.join(w for w in words.split() if w.isalpha())[:40]}"
    return kind


def shrunk(
    trees: Trees, fails: Fails, say: Callable[[str], None] = lambda text: None, names_only=False
) -> Trees:
    """What is left when no cut is possible any more."""
    wanted = fails(trees)
    assert wanted is not None, "it does not fail"
    left = True
    while left:
        left = False
        for cut in list(_cuts(trees, names_only)):
            smaller = _tidy(cut(copy.deepcopy(trees)))
            if smaller and _size(smaller) < _size(trees) and fails(smaller) == wanted:
                trees, left = smaller, True
                say(f"{_size(trees)} words")
    return trees


def _size(tree) -> int:
    if isinstance(tree, dict):
        return sum(1 + _size(v) for v in tree.values())
    return sum(map(_size, tree)) if isinstance(tree, list) else 1


# ---- Cuts ------------------------


def _cuts(trees: Trees, names_only: bool) -> Iterator[Callable[[Trees], Trees]]:
    """The largest first: kinds, operations and other names; then single places."""
    for name in _names(trees):
        yield lambda t, name=name: _without(t, name)
    for path in () if names_only else sorted(_places(trees), key=len):
        yield lambda t, path=path: _without_place(t, path)


def _names(trees: Trees) -> list[str]:
    found = [f.removesuffix(".yaml") for f, t in trees.items() if "object" in t]
    for section in FIRST:
        found += [n for t in trees.values() for n in t.get(section, ())]
    found += [n for t in trees.values() for c in t.get("variables", {}).values() for n in c]
    found += [n for t in trees.values() for n in (*t.get("indications", ()), *t.get("modes", ()))]
    return list(dict.fromkeys(found))


def _without(trees: Trees, name: str) -> Trees:
    """Nothing has this name any more, and nothing refers to it."""
    left = {f: t for f, t in trees.items() if f != f"{name}.yaml" or "object" not in t}
    return {f: _cut(t, name) for f, t in left.items()}


def _cut(tree, name: str):
    if isinstance(tree, dict):
        return {k: _cut(v, name) for k, v in tree.items() if k != name and not _only(v, name)}
    if isinstance(tree, list):
        kept = [x for x in tree if not _only(x, name) and not _about(x, name)]
        return [_cut(x, name) for x in kept]
    return tree


def _only(value, name: str) -> bool:
    words = value if isinstance(value, list) else [value]
    return bool(words) and all(
        isinstance(w, str) and (w == name or w.startswith(f"{name}.")) for w in words
    )


def _about(value, name: str) -> bool:
    """An arm, or a line of a plan, that is for this name."""
    return isinstance(value, dict) and any(_only(v, name) for v in value.values())


def _places(tree, path: tuple = ()) -> Iterator[tuple]:
    items = tree.items() if isinstance(tree, dict) else enumerate(tree)
    for key, value in items:
        if key not in ("doc", "host", "type") and path:
            yield (*path, key)
        if isinstance(value, (dict, list)):
            yield from _places(value, (*path, key))


def _without_place(trees: Trees, path: tuple) -> Trees:
    tree = trees
    try:
        for key in path[:-1]:
            tree = tree[key]
        del tree[path[-1]]
    except (KeyError, IndexError, TypeError):
        return {}  # an earlier cut has taken it
    return trees


# ---- What is left must be a spec ------------------------


def _tidy(trees: Trees) -> Trees | None:
    """Without what is of no use any more; None if the check is not content then."""
    for _ in range(ROUNDS if trees else 0):
        report = Report()
        try:
            with tempfile.TemporaryDirectory(prefix="flue-shrink-") as folder:
                analyse(str(write(trees, Path(folder))), report)
        except Exception:  # of what is no spec: another mistake than the one that is looked for
            return None
        if not report.diagnostics:
            return trees
        names = [n for d in report.diagnostics for n in _useless(d) if n in _names(trees)]
        if not names:
            return None
        for name in names:
            trees = _without(trees, name)
    return None


def _useless(finding) -> list[str]:
    text = f"{finding.rule or ''} {finding.text}"
    return NAME.findall(finding.text)[:1] if any(w in text for w in USELESS) else []


def same_failure(tried: Callable[[Trees], object]) -> Fails:
    """From what is done with a spec to how it fails."""

    def fails(trees: Trees) -> str | None:
        try:
            tried(trees)
        except Failure as e:
            return manner(str(e))
        except Exception as e:  # a compiler's mistake
            return f"{type(e).__name__}"
        return None

    return fails
