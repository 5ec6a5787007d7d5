# SPDX-License-Identifier: BSD-2-Clause
"""The shape of a spec file: compared with the JSON Schema that editors use, too.

A small walker over the few keywords the schema uses, rather than the jsonschema library: it points at
keys and values, explains a union by the one branch that was meant, prunes what is wrong so that the
later stages can go on, and costs a few milliseconds. Tests compare its verdicts with the library's.
"""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache

from .model import Where
from .report import Report, did_you_mean
from .source import KINDS, Located

PATH = os.path.join(os.path.dirname(__file__), "flue.schema.json")

_TYPES = {
    "object": ("map", "a mapping"),
    "array": ("list", "a list"),
    "string": ("text", "text"),
    "integer": ("number", "a whole number"),
    "boolean": ("flag", "true or false"),
}


@lru_cache(maxsize=None)
def load_schema() -> dict:
    with open(PATH, encoding="utf-8") as stream:
        return json.load(stream)


@lru_cache(maxsize=None)
def _pattern(text: str) -> re.Pattern:
    # JSON Schema's $ is the very end; Python's would allow a line break before it.
    return re.compile(text.removesuffix("$") + r"\Z" if text.endswith("$") else text)


class Walker:
    """Walks one tree along the schema. Findings are kept as (where, rule, text, hint)."""

    def __init__(self) -> None:
        self.found: list[tuple[Where, str, str, str]] = []

    def walk(self, schema: dict, node: Located, name: str, title: str = "") -> bool:
        """True if `node`, called `name` in messages, fits; parts that do not are taken out."""
        title = title or schema.get("title", "")
        if "$ref" in schema:
            ref = load_schema()["$defs"][schema["$ref"].rsplit("/", 1)[1]]
            return self.walk(ref, node, name, title)
        if "anyOf" in schema:
            return self._any_of(schema["anyOf"], node, name, title)
        if "type" in schema and _TYPES[schema["type"]][0] != node.kind:
            return self._wrong(node, name, title or _TYPES[schema["type"]][1])
        if "const" in schema and not _same(node, schema["const"]):
            return self._wrong_word(node, name, [schema["const"]])
        if "enum" in schema and not any(_same(node, v) for v in schema["enum"]):
            return self._wrong_word(node, name, schema["enum"])
        if node.kind == "text" and not _pattern(schema.get("pattern", "")).search(node.value):
            return self._wrong(node, name, title)
        if node.kind == "number":
            return self._number(schema, node, name, title)
        if node.kind == "list":
            return self._list(schema, node, name, title)
        return node.kind != "map" or self._map(schema, node, name)

    def _number(self, schema: dict, node: Located, name: str, title: str) -> bool:
        low, high = schema.get("minimum"), schema.get("maximum")
        if (low is None or node.value >= low) and (high is None or node.value <= high):
            return True
        text = f"{_subject(name)} must be {title or 'a whole number'} between {low} and {high}"
        return self._fail(node.where, "wrong-type", text)

    def _list(self, schema: dict, node: Located, name: str, title: str) -> bool:
        if len(node.value) < schema.get("minItems", 0):
            return self._fail(node.where, "wrong-type", f"{_subject(name)} must not be empty")
        item = schema.get("items", {})
        fits = [self.walk(item, child, "") for child in node.value]
        node.value[:] = [child for child, good in zip(node.value, fits) if good]
        return True

    def _map(self, schema: dict, node: Located, name: str) -> bool:
        if len(node.value) < schema.get("minProperties", 0):
            return self._fail(node.name_where, "wrong-type", f"{_subject(name)} must not be empty")
        known = schema.get("properties", {})
        for key in schema.get("required", ()):
            if key not in node.value:
                self._fail(
                    node.name_where, "missing-key", f'{_subject(name)} lacks the key "{key}"'
                )
        for key, child in list(node.value.items()):
            if not self._member(schema, known, node, key, child):
                del node.value[key]
        return True

    def _member(self, schema: dict, known: dict, node: Located, key: str, child: Located) -> bool:
        if key in known:
            return self.walk(known[key], child, key)
        more = schema.get("additionalProperties", {})
        if more is False:
            hint = did_you_mean(key, known) or "known here: " + ", ".join(known)
            if child.kind == "empty":
                hint = "if it belongs to the text before the comma: put all of it in quotes"
            return self._fail(node.keys[key], "unknown-key", f'unknown key "{key}"', hint)
        if "propertyNames" in schema:
            names = schema["propertyNames"]
            names = load_schema()["$defs"][names["$ref"].rsplit("/", 1)[1]]
            if not _pattern(names["pattern"]).search(key):
                text = f'"{key}" is not {names["title"]}'
                return self._fail(node.keys[key], "bad-name", text)
        return self.walk(more, child, key)

    def _any_of(self, branches: list[dict], node: Located, name: str, title: str) -> bool:
        branches = [_resolved(b) for b in branches]
        same_kind = [b for b in branches if _kind(b) in (node.kind, None)]
        if not same_kind:
            return self._wrong(node, name, title)
        meant = same_kind[0]
        if len(same_kind) > 1:
            if any(_trial(b, node, name) for b in same_kind):
                return True
            if node.kind != "map":
                return self._wrong(node, name, title)
            # Alternatives that are mappings differ in the keys they ask for.
            meant = max(same_kind, key=lambda b: _likeness(b, node))
            if not _likeness(meant, node):
                return self._wrong(node, name, title)
        own = title if node.kind == "text" else ""
        return self.walk(meant, node, name, own)

    def _wrong(self, node: Located, name: str, title: str) -> bool:
        hint = ""
        if node.kind == "flag":
            hint = (
                f'YAML reads {node.raw} as {str(node.value).lower()}: write "{node.raw}" in quotes'
            )
        what = f'"{node.value}"' if node.kind == "text" else KINDS[node.kind]
        text = f"{_subject(name)} must be {title or 'something else'}"
        text += "" if node.kind == "map" and title.startswith("a condition") else f", not {what}"
        where = node.name_where if node.kind in ("empty", "map") else node.where
        return self._fail(where, "wrong-type", text, hint)

    def _wrong_word(self, node: Located, name: str, words: list) -> bool:
        words = [str(w).lower() if isinstance(w, bool) else str(w) for w in words]
        said = f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]
        what = f'"{node.raw}"' if node.raw else KINDS[node.kind]
        hint = did_you_mean(node.raw, words)
        text = f"{_subject(name)} must be {said}, not {what}"
        return self._fail(node.where, "wrong-type", text, hint)

    def _fail(self, where: Where, rule: str, text: str, hint: str = "") -> bool:
        self.found.append((where, rule, text, hint))
        return False


def _subject(name: str) -> str:
    return name if name.startswith("the ") else f'"{name}"' if name else "this"


def _same(node: Located, value: object) -> bool:
    return type(node.value) is type(value) and node.value == value


def _resolved(schema: dict) -> dict:
    while "$ref" in schema:
        schema = load_schema()["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


def _kind(schema: dict) -> str | None:
    if "const" in schema:
        return {str: "text", bool: "flag", int: "number"}[type(schema["const"])]
    return _TYPES[schema["type"]][0] if "type" in schema else None


def _trial(schema: dict, node: Located, name: str) -> bool:
    """Whether `node` fits, without a trace. Unions are of scalars or of flat mappings."""
    walker = Walker()
    saved = dict(node.value) if node.kind == "map" else None
    good = walker.walk(schema, node, name) and not walker.found
    if saved is not None:
        node.value.clear()
        node.value.update(saved)
    return good


def _likeness(schema: dict, node: Located) -> int:
    """How many of its keys speak for this alternative; 0 if none of those it asks for is there."""
    required = set(schema.get("required", ()))
    if required and not required & node.value.keys():
        return 0
    named = "properties" not in schema
    return 1 if named else len(schema["properties"].keys() & node.value.keys())


def validate(tree: Located, kind: str, report: Report) -> None:
    """Report every part of `tree` (a target, node or object file) that has the wrong shape."""
    walker = Walker()
    walker.walk({"$ref": f"#/$defs/{kind}_file"}, tree, f"the {kind}")
    for where, rule, text, hint in walker.found:
        report.error(where, rule, text, hint)
