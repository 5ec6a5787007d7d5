# SPDX-License-Identifier: BSD-2-Clause
"""Where a key takes one of some words, the reference has them: in one line, if no word stands for all."""

import json
from collections.abc import Iterator
from pathlib import Path

from helpers import ROOT

SCHEMA = json.loads(Path(ROOT, "spec/schema/flue.schema.json").read_text(encoding="utf-8"))
LINES = Path(ROOT, "spec/reference.md").read_text(encoding="utf-8").split("\n")


def enums(node: object, path: tuple = (), words: bool = False) -> Iterator[tuple[str, list]]:
    """Those of keys; a property that is called `enum` is a mapping."""
    if isinstance(node, dict):
        words = "x-value" in node or (words and path[-1] == "items")
        if isinstance(node.get("enum"), list):
            yield "/".join(path) + " in words" * words, node["enum"]
        for key, value in node.items():
            yield from enums(value, (*path, key), words)
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from enums(value, (*path, str(i)))


def test_the_reference_lists_every_value():
    found = dict(enums(SCHEMA))
    assert len(found) > 25
    missing = {
        path: values
        for path, values in found.items()
        if not any(all(f"`{value}`" in line for value in values) for line in LINES)
        and not (path.endswith(" in words") and all(f"`{v}`" in "".join(LINES) for v in values))
    }
    assert missing == {}


def test_values_of_conditions_stand_where_conditions_are_explained():
    begin, end = LINES.index("### Conditions"), LINES.index("### Unusable")
    for path, values in enums(SCHEMA["$defs"]["condition"]):
        said = [line for line in LINES[begin:end] if all(f"`{v}`" in line for v in values)]
        assert said, f"{path}: {values}"
