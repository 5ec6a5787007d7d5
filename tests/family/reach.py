# SPDX-License-Identifier: BSD-2-Clause
"""Which keys of the schema stand in specs of the family: a share of the language, told by its places."""

from __future__ import annotations

import json
from pathlib import Path

SCHEMA = json.loads(
    (Path(__file__).resolve().parents[2] / "spec/schema/flue.schema.json").read_text("utf-8")
)


def _alternatives(schema: dict):
    """The schema itself, what it refers to, and each of what it may be."""
    while "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    yield schema
    for key in ("anyOf", "oneOf", "allOf"):
        for one in schema.get(key, ()):
            yield from _alternatives(one)


def keys_of(schema: dict, where: str = "", seen: tuple = ()) -> set[str]:
    """Every key that may be written, with those that lead to it: `states.*.when.*.tell`."""
    found: set[str] = set()
    for one in _alternatives(schema):
        if id(one) in seen:
            continue
        inside = (*seen, id(one))
        for name, inner in one.get("properties", {}).items():
            found |= {f"{where}{name}"} | keys_of(inner, f"{where}{name}.", inside)
        for key in ("additionalProperties", "patternProperties"):
            inner = one.get(key)
            inners = inner.values() if key == "patternProperties" and inner else [inner]
            for each in (x for x in inners if isinstance(x, dict)):
                found |= keys_of(each, f"{where}*.", inside)
        if isinstance(one.get("items"), dict):
            found |= keys_of(one["items"], where, inside)
    return found


def used_by(tree, schema: dict, where: str = "") -> set[str]:
    """Those that a file has."""
    found: set[str] = set()
    if isinstance(tree, list):
        items = [o["items"] for o in _alternatives(schema) if isinstance(o.get("items"), dict)]
        return {w for x in tree for i in items for w in used_by(x, i, where)}
    if not isinstance(tree, dict):
        return found
    for one in _alternatives(schema):
        for name, value in tree.items():
            inner = one.get("properties", {}).get(name)
            if inner is not None:
                found |= {f"{where}{name}"} | used_by(value, inner, f"{where}{name}.")
                continue
            for key in ("additionalProperties", "patternProperties"):
                rest = one.get(key)
                rests = rest.values() if key == "patternProperties" and rest else [rest]
                for each in (x for x in rests if isinstance(x, dict)):
                    found |= used_by(value, each, f"{where}*.")
    return found


def file_schema(tree: dict) -> tuple[str, dict]:
    kind = next(k for k in ("target", "node", "object") if k in tree)
    return kind, SCHEMA["$defs"][f"{kind}_file"]


def all_keys() -> set[str]:
    return {
        f"{kind}: {key}"
        for kind in ("target", "node", "object")
        for key in keys_of(SCHEMA["$defs"][f"{kind}_file"])
    }


def keys_in(trees: dict[str, dict]) -> set[str]:
    found = set()
    for tree in trees.values():
        kind, schema = file_schema(tree)
        found |= {f"{kind}: {key}" for key in used_by(tree, schema)}
    return found
