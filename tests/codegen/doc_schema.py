# SPDX-License-Identifier: BSD-2-Clause
"""The JSON Schema and the reference, brought to one form, so that they can be compared.

In the reference a table of keys stands below `<!-- keys: NAME -->`, an example below
`<!-- example: NAME -->` (one of it) or `<!-- examples: NAME -->` (a list or mapping of several).
NAME is a definition of the schema, with `.key` for a mapping inside of it: target_file.abi.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml
from helpers import ROOT

with open(os.path.join(ROOT, "spec", "schema", "flue.schema.json"), encoding="utf-8") as stream:
    SCHEMA = json.load(stream)

_TABLE = re.compile(r"^<!-- keys: (\S+) -->\n\n?((?:\|.*\n)+)", re.MULTILINE)
_EXAMPLE = re.compile(
    r"^<!-- example(s?): (\S+) -->\n```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


@dataclass
class Keys:
    """The keys of one kind of mapping, and those it cannot do without."""

    known: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)


def mappings(name: str, schema: dict) -> Iterator[tuple[str, dict]]:
    """Every mapping with keys of its own within a definition."""
    if "properties" in schema:
        yield name, schema
        for key, value in schema["properties"].items():
            yield from mappings(f"{name}.{key}", value)
    for each in schema.get("anyOf", ()):
        yield from mappings(name, each)
    for key in ("items", "additionalProperties"):
        if isinstance(schema.get(key), dict):
            yield from mappings(name, schema[key])


def schema_keys() -> dict[str, Keys]:
    out: dict[str, Keys] = {}
    for name, definition in SCHEMA["$defs"].items():
        for path, schema in mappings(name, definition):
            keys = out.setdefault(path, Keys(required=set(schema.get("required", ()))))
            keys.known |= schema["properties"].keys()
            keys.required &= set(schema.get("required", ()))  # in every alternative
    return out


def table_keys(text: str) -> dict[str, Keys]:
    """What the tables of a page say: key, value, default or `required`, meaning."""
    out = {}
    for name, table in _TABLE.findall(text):
        assert name not in out, f"two tables of {name}"
        out[name] = Keys()
        for row in table.splitlines()[2:]:
            cells = [cell.strip() for cell in row.strip("|").split(" | ")]
            assert len(cells) == 4 and all(cells), f"four columns: {row}"
            key = cells[0].strip("`")
            out[name].known.add(key)
            if cells[2] == "required":
                out[name].required.add(key)
    return out


def examples(text: str) -> Iterator[tuple[str, object]]:
    """(name, instance) of every marked example."""
    for many, name, block in _EXAMPLE.findall(text):
        data = yaml.safe_load(block)
        found = data if isinstance(data, list) else list(data.values()) if many else [data]
        for each in found:
            yield name, each


def schema_of(name: str) -> dict:
    """The part of the schema a name stands for, able to stand alone."""
    head, *rest = name.split(".")
    found = SCHEMA["$defs"][head]
    for key in rest:
        found = found["properties"][key]
    return {"$defs": SCHEMA["$defs"], **found}
