# SPDX-License-Identifier: BSD-2-Clause
"""Every place of the language where a status is named: the check asks there, too, what it says.

The places are taken from the schema, and compared with those the compiler itself reads statuses
from. At each of them a good status is put for a bad one and the other way round, in a spec that has
them all: nothing of it may pass, but for what is listed here with its reason.
"""

import re

import pytest
from helpers import diagnose, read_spec
from rule_case import RICH
from test_rules_goodness import CASES as GOODNESS
from test_rules_transfers import CASES as TRANSFERS
from test_rules_waiting import CASES as WAITING

from flue import compiler as loading
from flue.resolve.namespace import Names
from flue.diagnostics import Report
from flue.syntax.schema import load_schema
from flue.syntax.tree import Located

DEFS = load_schema()["$defs"]
FILES = ("target.yaml", "gate.yaml", "flow.yaml")
GOOD, BAD = "good", "bad"  # the spec's statuses that all operations allow

# What says that it is wrong. One rule for each kind of place, or the way to it.
RULES = {
    "refused-as-good",
    "bad-result-as-good",
    "roll-up-lies",
    "false-success",
    "false-failure",
    "false-claim",
    "not-told",
    "not-returned",
    "completion-lost",
    "no-good-status",
}

# Where another status says no less that is so. "*" is a name, "#" the number of an item.
CASES = GOODNESS + WAITING + TRANSFERS
# In other specs: there a case of the rule has a good status at the place.
ELSEWHERE = {
    "operations/*/others": ("refused-as-good", "others: success"),
    "operations/*/aborted": ("refused-as-good", "aborted: success"),
    "transfers/*/refused": ("wrong-transfer", "refused: ok"),
    "transfers/*/ending": ("wrong-transfer", "ending: ok"),
    "transfers/*/returned": ("wrong-transfer", "returned: ok"),
    "transfers/*/reset": ("wrong-transfer", "reset: ok"),
}
ANY = {"transfers/*/accepted"}  # it only says that what became of it is told later
LISTED = "operations/*/statuses/#"  # it allows a status, and gives none
AS_GOOD = {
    # All states say it themselves: nobody is ever given it.
    "defaults/idle/terminate/refuse",
    # invalidate asks for its mark, which is set by then; it brings, returns and takes away nothing.
    "states/stopping/when/failed/status",
}
AS_BAD = {
    # Told when it arrives, before anything is tried: as good as a refusal.
    "states/there/when/query/1/status",
    # A placeholder asked for nothing: what is told to it is the host's own choice.
    "operations/initiate/roll_up/0/status",
    "roll_up/0/status",
    # A reference under initiate only leads to its dependents, and tells of them.
    "operations/initiate/roll_up/4/status",
    "operations/initiate/roll_up/5/status",
}


def of_schema(node, path=(), seen=()):
    """Paths in a file at which a schema wants a status, the names in them as "*"."""
    name = node.get("$ref", "").rsplit("/", 1)[-1]
    if name == "status_name":
        yield "/".join(path)
    elif name and name not in seen:
        yield from of_schema(DEFS[name], path, (*seen, name))
    for key, sub in node.get("properties", {}).items():
        yield from of_schema(sub, (*path, key), seen)
    if isinstance(node.get("additionalProperties"), dict):
        yield from of_schema(node["additionalProperties"], (*path, "*"), seen)
    if "items" in node:
        yield from of_schema(node["items"], (*path, "#"), seen)
    for sub in node.get("anyOf", ()):
        yield from of_schema(sub, path, seen)


def in_tree(node: Located, path=()):
    """(path, value) of everything in a file."""
    yield path, node
    if node.kind == "map":
        for key, sub in node.value.items():
            yield from in_tree(sub, (*path, key))
    elif node.kind == "list":
        for i, sub in enumerate(node.value):
            yield from in_tree(sub, (*path, i))


def fits(path, place: str) -> bool:
    """Whether a path in a file is an instance of a schema's."""
    words = place.split("/")
    return len(words) == len(path) and all(
        isinstance(p, int) if w == "#" else w in ("*", p) for w, p in zip(words, path)
    )


def read_by_the_compiler(monkeypatch):
    """(file, path, value) of everything that is looked up among the statuses of the rich spec."""
    trees, asked = [], []
    read, find = loading.read, Names.find

    def reading(name, report, text=None):
        trees.append(read(name, report, text))
        return trees[-1]

    def finding(names, node, own=()):
        if names.kind == "status" and node is not None:
            asked.append(node)
        return find(names, node, own)

    monkeypatch.setattr(loading, "read", reading)
    monkeypatch.setattr(Names, "find", finding)
    loading.load(str(loading.os.path.join(loading.os.path.dirname(__file__), "rich")), Report())
    for tree in trees:
        for path, node in in_tree(tree):
            if any(node is x for x in asked):
                yield loading.os.path.basename(tree.where.file), path, node


PLACES = {kind: set(of_schema(DEFS[f"{kind}_file"])) for kind in ("target", "object", "node")}


@pytest.fixture(scope="module")
def found():
    with pytest.MonkeyPatch.context() as patch:
        return list(read_by_the_compiler(patch))


def places_of(file):
    return PLACES["target" if file == "target.yaml" else "object"]


def test_the_schema_knows_all_places_the_compiler_reads_statuses_from(found):
    assert len(found) >= 70
    for file, path, _ in found:
        assert any(fits(path, place) for place in places_of(file)), (file, path)


def test_the_rich_spec_has_every_place(found):
    paths = [(places_of(file), path) for file, path, _ in found]
    for place in PLACES["target"] | PLACES["object"]:
        if place in ANY or place in (
            "defaults/*/*/#/refuse",
            "defaults/*/*/#/status",
            "states/*/when/*/refuse",
        ):
            continue  # one arm or a list of them: the same arms
        if place in ELSEWHERE:
            rule, edit = ELSEWHERE[place]
            assert any(c.rule == rule and edit in c.edits[0][2] for c in CASES)
            continue
        assert any(place in known and fits(path, place) for known, path in paths), place
    assert not PLACES["node"]


def other(status: str) -> str | None:
    """A status that says the opposite; None for words that are none."""
    if status in ("own", "from_command"):
        return None
    return BAD if status in (GOOD, "partly") else GOOD


def changed(file: str, node: Located, new: str):
    """The edit that puts another status at a place."""
    text = read_spec(file, RICH)
    lines = text.splitlines(keepends=True)
    line, column = node.where.line - 1, node.where.column - 1
    old = lines[line]
    assert old[column:].startswith(node.raw or node.value)
    lines[line] = old[:column] + new + old[column + len(node.value) :]
    return [(file, text, "".join(lines))]


def test_no_status_can_be_turned_round(found):
    tried, kept = 0, set()
    for file, path, node in found:
        new = other(node.value)
        if new is None or fits(path, LISTED):
            continue
        tried += 1
        said = diagnose(changed(file, node, new), RICH)
        rules = set(re.findall(r": error: .*\[([a-z-]+)\]", said))
        name = "/".join(map(str, path))
        if name in (AS_GOOD if new == GOOD else AS_BAD):
            assert not rules, (file, name, said)
            kept.add(name)
        else:
            assert rules & RULES, (file, name, said)
    assert tried >= 50
    assert kept == AS_GOOD | AS_BAD
