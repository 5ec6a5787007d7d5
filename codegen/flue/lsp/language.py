# SPDX-License-Identifier: BSD-2-Clause
"""What the schema says of a place in a spec: of what a key is for, and which words may stand there."""

from __future__ import annotations

from collections.abc import Iterator

from flue.model import Where
from flue.syntax.schema import load_schema
from flue.syntax.tree import Located


def described(tree: Located, where: Where) -> str:
    """Of the key that a word stands under or, where the word is a free key, of the mapping."""
    kind = next((k for k in ("target", "node", "object") if k in tree.keys), None)
    return _described(tree, [load_schema()["$defs"][f"{kind}_file"]], "", where) if kind else ""


def _described(node: Located, schemas: list[dict], doc: str, where: Where) -> str:
    """`doc`: of the key that leads here, the nearest one that has any."""
    if node.where == where or where in node.keys.values():
        return doc
    for key, child in node.items():
        below = [s for schema in schemas for s in _below(schema, key)]
        own = next((s["description"] for s in below if "description" in s), doc)
        found = _described(child, below, own, where)
        if found:
            return found
    for item in node.each() if node.kind == "list" else ():
        below = [x["items"] for schema in schemas for x in _forms(schema) if "items" in x]
        found = _described(item, below, doc, where)
        if found:
            return found
    return ""


def _below(schema: dict, key: str) -> Iterator[dict]:
    for form in _forms(schema):
        found = form.get("properties", {}).get(key, form.get("additionalProperties"))
        if found:
            yield found


def _forms(schema: dict) -> Iterator[dict]:
    """A schema, what it refers to, and what it is one of."""
    yield schema
    for name in ("anyOf", "oneOf", "allOf"):
        for form in schema.get(name, ()):
            yield from _forms(form)
    if "$ref" in schema:
        yield from _forms(load_schema()["$defs"][schema["$ref"].rpartition("/")[2]])
