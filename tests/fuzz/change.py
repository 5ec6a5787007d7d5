# SPDX-License-Identifier: BSD-2-Clause
"""Changes that mean something: one place of a spec becomes what the language allows there.

    tell = changed(files, random.Random("seed"), POOL)      files: name -> tree, changed in place

The schema says which keys a mapping may have and where a key is a name that the spec gives. What
comes to a place is taken from the same place of the repository's specs, or is a name of this one;
so most changes are of the sort that an editor would not underline.
"""

from __future__ import annotations

import copy
import json
import random
from collections import defaultdict
from pathlib import Path

from bend import at, put

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "spec/schema/flue.schema.json").read_text("utf-8")
)
TYPES = "u8 u16 u32 u64 i8 i16 i32 i64 u8[2] u8[4] u32[1] u32[2] i32[3] u8[64] node* void* void**"
TYPES = [*TYPES.split(), "void*[2]", "node*[2]"]
# For keys that the repository's specs have little of.
MORE = {
    "type": TYPES,
    "is": ["u8", "u16", "u32", "u64", "i32", "i8", "pointer"],
    "bits": ["0..0", "0..2", "4..7", "1..31", "0..63", "3..5"],
    "none": [0, 1, 255, 2**32 - 1],
    "value": [0, 1, 255, 65536, 2**31, -1],
    "to": [0, 1, 255, 2**32 - 1, "full"],
    "code": [0, 1, 2**32 - 1, -1],
    "mask": [1, 2, 128, 0x8000, 3],
    "flags": [{"some_bit": 1}, {"low": 3, "high": {"mask": 0x40}}],
    "pulses": [{"some_pulse": 2}, {"first": 4, "second": 8}],
    "timeout_ms": [1, 2**32 - 1],
    "enum": [{"one": 1, "two": 2}, {"minus": -1}, {"none_of_it": 0}],
    "reasons": [{"some": 1, "other": 2}, {"minus": -1}],
    "host": ["Other", "Group.One", "Group.Inner.Two", "Header.Other"],
    "kept_as": ["moment"],
    "opaque": [True],
    "states_align": [4, 8, 16],
    "passes": [["node"], ["detail"], [], ["code", "object_handle"]],
    "argument": ["amount", "index", "target"],
    "carries": ["all"],
    "doc": ["A comment */ in one.", 'It says "so" \\ and so.', "Ends in a backslash \\"],
}


def resolved(schema: dict, value) -> dict:
    """The schema of this value: through references, the branch that fits its sort."""
    while "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" not in schema or "properties" in schema:
        return schema
    sort = {dict: "object", list: "array"}.get(type(value), "")
    branches = [resolved(s, value) for s in schema["anyOf"]]
    if sort == "object":
        known = [b for b in branches if set(value) <= set(b.get("properties", ()))]
        free = [b for b in branches if "propertyNames" in b]
        return (known + free + branches)[0]
    return next((b for b in branches if b.get("type", "") == sort), branches[0])


def positions(tree, schema, place=(), position=()):
    """(place, position, schema) of every value; in a position a name of the spec is `*`."""
    schema = resolved(schema, tree)
    yield place, position, schema
    if isinstance(tree, dict):
        known = schema.get("properties", {})
        for key, value in tree.items():
            inner = known.get(key) or schema.get("additionalProperties")
            inner = inner if isinstance(inner, dict) else {}
            yield from positions(
                value, inner, (*place, key), (*position, key if key in known else "*")
            )
    elif isinstance(tree, list):
        for i, item in enumerate(tree):
            yield from positions(item, schema.get("items", {}), (*place, i), (*position, "[]"))


def file_schema(tree) -> tuple[dict, str]:
    sort = next(k for k in ("target", "node", "object") if k in tree)
    return {"$ref": f"#/$defs/{sort}_file"}, sort


class Pool:
    """What stands where, in all specs together."""

    def __init__(self, specs: list[dict]) -> None:
        self.values = defaultdict(list)
        for tree in (t for files in specs for t in files.values()):
            schema, sort = file_schema(tree)
            for place, position, _ in positions(tree, schema):
                value = at(tree, place)
                if value not in self.values[sort, position]:
                    self.values[sort, position].append(value)

    def for_key(self, sort: str, position: tuple) -> list:
        return self.values.get((sort, position), []) + MORE.get(position[-1], [])


def names(files: dict) -> list[str]:
    """All names that the spec gives."""
    found = []
    for tree in files.values():
        schema, _ = file_schema(tree)
        found += [p[-1] for p, q, _ in positions(tree, schema) if q and q[-1] == "*"]
    return found


def changed(files: dict, dice: random.Random, pool: Pool) -> str:
    """Change one place of one file; what was done, in words."""
    while True:
        name = dice.choice(sorted(files))
        tree = files[name]
        schema, sort = file_schema(tree)
        found = [p for p in positions(tree, schema) if p[0]]
        place, position, inner = dice.choice(found)
        way = dice.choice(WAYS)
        told = way(Change(files, tree, sort, place, position, inner, pool, dice))
        if told:
            return f"{name}: {'/'.join(map(str, place))}: {told}"


class Change:
    """A place that is about to be changed, and all that a change may look at."""

    def __init__(self, files, tree, sort, place, position, schema, pool, dice) -> None:
        self.files, self.tree, self.sort, self.place = files, tree, sort, place
        self.position, self.schema, self.pool, self.dice = position, schema, pool, dice
        self.value, self.above = at(tree, place), at(tree, place[:-1])


def _take_out(c: Change) -> str | None:
    if isinstance(c.above, dict) and c.position[-1] != "*" and len(c.place) == 1:
        return None  # sections of a file are rarely left out
    del c.above[c.place[-1]]
    return "taken out"


def _other(c: Change) -> str | None:
    """Another value that stands at such a place somewhere."""
    values = [v for v in c.pool.for_key(c.sort, c.position) if v != c.value]
    if not values or isinstance(c.value, dict) and len(c.place) == 1:
        return None
    value = copy.deepcopy(c.dice.choice(values))
    put(c.tree, c.place, value)
    return f"-> {json.dumps(value)[:120]}"


def _add(c: Change) -> str | None:
    """A key that the mapping may have and has not."""
    if not isinstance(c.value, dict):
        return None
    absent = [k for k in c.schema.get("properties", ()) if k not in c.value]
    absent = [k for k in absent if c.pool.for_key(c.sort, (*c.position, k))]
    if not absent:
        return None
    key = c.dice.choice(absent)
    value = copy.deepcopy(c.dice.choice(c.pool.for_key(c.sort, (*c.position, key))))
    c.value[key] = value
    return f"+ {key}: {json.dumps(value)[:120]}"


def _rename(c: Change) -> str | None:
    """Another name for it, one of the spec's or a new one."""
    if c.position[-1] == "*":
        new = c.dice.choice([*names(c.files), "brand_new", "main", "index", "x"])
        if new in c.above:
            return None
        items = [(new if k == c.place[-1] else k, v) for k, v in c.above.items()]
        c.above.clear()
        c.above.update(items)
        return f"named {new}"
    if isinstance(c.value, str) and c.position[-1] not in ("doc", "type", "host"):
        new = c.dice.choice(names(c.files))
        put(c.tree, c.place, new)
        return f"-> {new}"
    return None


def _number(c: Change) -> str | None:
    if type(c.value) is not int:
        return None
    new = c.dice.choice(
        (c.value + 1, c.value - 1, c.value * 2, 0, 1, 4, 8, -1, 255, 2**31, 2**32)
    )
    put(c.tree, c.place, new)
    return f"-> {new}"


def _double(c: Change) -> str | None:
    """A second one beside it."""
    if isinstance(c.above, list):
        c.above.insert(c.dice.randrange(len(c.above) + 1), copy.deepcopy(c.value))
    elif c.position[-1] == "*":
        c.above[f"{c.place[-1]}_too"] = copy.deepcopy(c.value)
    else:
        return None
    return "doubled"


def _swap(c: Change) -> str | None:
    """The order of a list or mapping."""
    if isinstance(c.value, list) and len(c.value) > 1:
        c.dice.shuffle(c.value)
    elif isinstance(c.value, dict) and len(c.value) > 1 and "properties" not in c.schema:
        items = list(c.value.items())
        c.dice.shuffle(items)
        c.value.clear()
        c.value.update(items)
    else:
        return None
    return "in another order"


WAYS = (_take_out, _other, _other, _other, _add, _add, _add, _rename, _number, _double, _swap)
