# SPDX-License-Identifier: BSD-2-Clause
"""Both checkers count alike: as many as may be are accepted, and one more is refused."""

import copy

import pytest
from campaign import ROOT, compiler
from judge import judge
from text import Spec, read

EXAMPLE = read(ROOT / "spec" / "example")
RICH = read(ROOT / "tests" / "codegen" / "rich")


def grown(base, file, section, count, **own):
    """Entries of a section like the first of it, until there are so many."""
    trees = copy.deepcopy(base)
    found = trees[file][section]
    like = next(iter(found.values()))
    for i in range(count - len(found)):
        found[f"more{i}"] = {**like, **{key: say(i) for key, say in own.items()}}
    return trees


def marks(count):
    return grown(RICH, "target.yaml", "marks", count)


def parameters(count):
    return grown(RICH, "target.yaml", "parameters", count)


def indications(count):
    return grown(RICH, "target.yaml", "indications", count, code=lambda i: 1000 + i)


def statuses(count):
    own = {"value": lambda i: 1000 + i, "host": lambda i: f"MORE{i}"}
    return grown(EXAMPLE, "target.yaml", "statuses", count, **own)


def commands(count):
    trees = copy.deepcopy(EXAMPLE)
    found = trees["meter.yaml"]["commands"]
    for i in range(count - len(found)):
        found[f"more{i}"] = {"doc": "One more.", "undo": "none"}
    return trees


def results(count):
    trees = copy.deepcopy(EXAMPLE)
    found = trees["meter.yaml"]["commands"]["add_meter"]["answers"]
    own = len({"ok", *Spec(trees).results()})
    found += [f"more{i}" for i in range(count - own)]
    return trees


def codes(count):
    """The last code is one less, since they begin with 0."""
    trees = copy.deepcopy(EXAMPLE)
    trees["node.yaml"]["members"]["kind"]["type"] = "u32"
    found = trees["meter.yaml"]["type_codes"]
    found["all"] = count - 1
    return trees


def events(count):
    trees = copy.deepcopy(EXAMPLE)
    names = [f"event{i}" for i in range(count)]
    trees["meter.yaml"]["events"] = {name: {"doc": "One more."} for name in names}
    for sort in ("idle", "busy"):
        trees["target.yaml"]["defaults"][sort].update({name: {"stay": True} for name in names})
    return trees


LIMITS = [
    (marks, 4),
    (parameters, 8),
    (indications, 254),
    (statuses, 62),
    (commands, 32),
    (results, 255),
    (events, 16),
    (codes, 65535),
]


@pytest.mark.parametrize("trees, limit", LIMITS, ids=lambda value: getattr(value, "__name__", ""))
def test_one_too_many(trees, limit, tmp_path):
    for count, fits in ((limit, True), (limit + 1, False)):
        one, other = compiler(trees(count), tmp_path), judge(trees(count))
        assert (not one, not other) == (fits, fits), (count, one, other)
        assert fits or ("[over-limit]" in one and other.startswith("limits: "))
