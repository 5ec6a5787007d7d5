# SPDX-License-Identifier: BSD-2-Clause
"""What a value must be, for each way in which the schema can refuse it."""

from __future__ import annotations

from typing import Callable

from flue.diagnostics import did_you_mean
from flue.model import Where

from .letters import foreign
from .tree import KINDS, Located

_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}

# What follows "must", where it is said, and a hint.
_Said = tuple[Where, str, str]


def _another_type(schema: dict, node: Located) -> _Said:
    title = schema.get("title") or _TYPES[schema["type"]]
    what = f'"{node.value}"' if node.kind == "text" else KINDS[node.kind]
    words = [word for each in schema.get("anyOf", ()) for word in each.get("enum", ())]
    hint = foreign(node.raw) or did_you_mean(node.raw, words)
    if node.kind == "flag":
        hint = f'YAML reads {node.raw} as {str(node.value).lower()}: write "{node.raw}" in quotes'
    text = f"be {title}"
    text += "" if node.kind == "map" and title.startswith("a condition") else f", not {what}"
    return node.name_where if node.kind in ("empty", "map") else node.where, text, hint


def _another_word(schema: dict, node: Located) -> _Said:
    words = schema["enum"] if "enum" in schema else [schema["const"]]
    words = [str(w).lower() if isinstance(w, bool) else str(w) for w in words]
    said = f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]
    what = f'"{node.raw}"' if node.raw else KINDS[node.kind]
    return node.where, f"be {said}, not {what}", foreign(node.raw) or did_you_mean(node.raw, words)


def _within(schema: dict, node: Located) -> _Said:
    title = schema.get("title", "a whole number")
    return node.where, f'be {title} between {schema["minimum"]} and {schema["maximum"]}', ""


def _not_empty(schema: dict, node: Located) -> _Said:
    least = schema.get("minItems", 1)
    text = "not be empty" if least == 1 else f"have {least} items at least"
    return node.where if node.kind == "list" else node.name_where, text, ""


SAY: dict[str, Callable[[dict, Located], _Said]] = {
    "type": _another_type,
    "pattern": _another_type,
    "anyOf": _another_type,
    "enum": _another_word,
    "const": _another_word,
    "minimum": _within,
    "maximum": _within,
    "minItems": _not_empty,
    "minProperties": _not_empty,
}
