# SPDX-License-Identifier: BSD-2-Clause
"""The shape of a spec file: held against the JSON Schema that editors use, too.

The jsonschema library finds what is wrong. Here that is said in the words of the language, at its
place in the file; and it is taken out of the tree, so that the later stages can go on.
"""

from __future__ import annotations

import json
import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Callable

from flue.diagnostics import Report, did_you_mean
from flue.model import Where

from .source import KINDS, Located

if TYPE_CHECKING:
    from jsonschema import ValidationError

PATH = os.path.join(os.path.dirname(__file__), "flue.schema.json")

# Deeper than the schema goes: what lies below is inside of something that is wrong already.
_LEVELS = 32

_TYPES = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "integer": "a whole number",
    "boolean": "true or false",
}


@lru_cache(maxsize=None)
def load_schema() -> dict:
    with open(PATH, encoding="utf-8") as stream:
        return json.load(stream)


@lru_cache(maxsize=None)
def _validator():
    """The library's validator. It trusts the schema, which a test checks: that takes a while."""
    from jsonschema import ValidationError, validators

    def pattern(_, text, instance, __):
        # JSON Schema's $ is the very end; Python's would allow a line break before it.
        strict = text.removesuffix("$") + r"\Z" if text.endswith("$") else text
        if isinstance(instance, str) and not re.search(strict, instance):
            yield ValidationError(f"{instance!r} does not match {text!r}")

    library = validators.validator_for(load_schema())
    return validators.extend(library, {"pattern": pattern})(load_schema())


def validate(tree: Located, kind: str, report: Report) -> None:
    """Report every part of `tree` (a target, node or object file) that has the wrong shape."""
    teller = _Teller(tree, kind, report)
    # The kind is known, so the one part of the schema that is meant is used, not the union.
    branch = load_schema()["$defs"][f"{kind}_file"]
    for error in _validator().evolve(schema=branch).iter_errors(_plain(tree)):
        teller.tell(error)
    teller.prune()


def _plain(tree: Located, levels: int = _LEVELS) -> object:
    """The values without their places, as the library wants them."""
    if levels == 0:
        return None
    if tree.kind == "map":
        return {key: _plain(child, levels - 1) for key, child in tree.value.items()}
    if tree.kind == "list":
        return [_plain(child, levels - 1) for child in tree.value]
    return tree.value


class _Teller:
    """Says the library's errors about one tree in our words: a method for each sort of error."""

    def __init__(self, tree: Located, kind: str, report: Report) -> None:
        self.tree, self.kind, self.report = tree, kind, report
        self.wrong: list[tuple[Located, Located]] = []  # a mapping or list, and what to take out

    def tell(self, error: ValidationError) -> None:
        path = list(error.absolute_path)
        node = self.tree.at(*path)
        if list(error.schema_path)[-2:-1] == ["propertyNames"]:
            self._bad_name(error, node)
        elif error.validator == "additionalProperties":
            self._unknown_keys(error, node)
        elif error.validator == "required":
            self._missing_keys(error, node, self._subject(path))
        elif error.validator == "uniqueItems":
            self._twice(node)
        elif not (error.validator == "anyOf" and self._meant(error, node)):
            if path:
                self.wrong.append((self.tree.at(*path[:-1]), node))
            where, text, hint = SAY[error.validator](error.schema, node)
            self.report.error(where, "wrong-type", f"{self._subject(path)} must {text}", hint)

    def prune(self) -> None:
        """Take out what is wrong. Not earlier: the library's paths count the items of lists."""
        for parent, child in self.wrong:
            if parent.kind == "list":
                parent.value[:] = [c for c in parent.value if c is not child]
            else:
                parent.value = {key: c for key, c in parent.value.items() if c is not child}

    def _subject(self, path: list[str | int]) -> str:
        if not path:
            return f"the {self.kind}"
        return f'"{path[-1]}"' if isinstance(path[-1], str) else "this"

    def _bad_name(self, error: ValidationError, node: Located) -> None:
        key = error.instance
        text = f'"{key}" is not {error.schema["title"]}'
        self.report.error(node.keys[key], "bad-name", text)
        self.wrong.append((node, node.value[key]))

    def _unknown_keys(self, error: ValidationError, node: Located) -> None:
        known = error.schema["properties"]
        for key in node.value.keys() - known.keys():
            hint = did_you_mean(key, known) or "known here: " + ", ".join(known)
            if node.value[key].kind == "empty":
                hint = "if it belongs to the text before the comma: put all of it in quotes"
            self.report.error(node.keys[key], "unknown-key", f'unknown key "{key}"', hint)
            self.wrong.append((node, node.value[key]))

    def _missing_keys(self, error: ValidationError, node: Located, subject: str) -> None:
        # The library has an error for each key, which it does not name; said twice counts once.
        for key in error.validator_value:
            if key not in node.value:
                text = f'{subject} lacks the key "{key}"'
                where = node.keys[self.kind] if node is self.tree else node.name_where
                self.report.error(where, "missing-key", text)

    def _twice(self, node: Located) -> None:
        seen = set()
        for item in node.each():
            if item.raw and item.raw in seen:
                self.report.error(
                    item.where, "duplicate-item", f'"{item.raw}" is in the list twice'
                )
                self.wrong.append((node, item))
            seen.add(item.raw)

    def _meant(self, error: ValidationError, node: Located) -> bool:
        """Say what is wrong with the one alternative that was meant, if there is such a one."""
        branches: dict[int, list[ValidationError]] = {}
        for part in error.context:
            branches.setdefault(part.schema_path[0], []).append(part)
        fits = {i: b for i, b in branches.items() if not any(map(_of_other_type, b))}
        if node.kind == "text" or not fits:
            return False
        if len(fits) > 1:
            # Alternatives that are mappings differ in the keys they ask for.
            alike = {i: _likeness(error.validator_value[i], node) for i in fits}
            best = max(alike, key=lambda i: alike[i])
            if not alike[best]:
                return False
            fits = {best: fits[best]}
        for part in next(iter(fits.values())):
            self.tell(part)
        return True


def _of_other_type(error: ValidationError) -> bool:
    return not error.relative_path and error.validator in ("type", "const", "enum")


def _likeness(schema: dict, node: Located) -> int:
    """How many of its keys speak for this alternative; 0 if none of those it asks for is there."""
    required = set(schema.get("required", ()))
    if required and not required & node.value.keys():
        return 0
    return len(schema["properties"].keys() & node.value.keys()) if "properties" in schema else 1


# What follows "must", where it is said, and a hint.
_Said = tuple[Where, str, str]


def _another_type(schema: dict, node: Located) -> _Said:
    title = schema.get("title") or _TYPES[schema["type"]]
    what = f'"{node.value}"' if node.kind == "text" else KINDS[node.kind]
    hint = ""
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
    return node.where, f"be {said}, not {what}", did_you_mean(node.raw, words)


def _within(schema: dict, node: Located) -> _Said:
    title = schema.get("title", "a whole number")
    return node.where, f'be {title} between {schema["minimum"]} and {schema["maximum"]}', ""


def _not_empty(_: dict, node: Located) -> _Said:
    return node.where if node.kind == "list" else node.name_where, "not be empty", ""


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
