# SPDX-License-Identifier: BSD-2-Clause
"""The JSON Schema, and that the compiler's walker reads it as the jsonschema library does."""

import json
import os
import random

import jsonschema
import pytest
from helpers import ROOT, read_spec, spec
from mutants import mutant

from flue.report import Report
from flue.schema import load_schema, validate
from flue.source import parse

WORDS = {"$ref", "type", "title", "description", "properties", "additionalProperties", "required"}
WORDS |= {"propertyNames", "items", "minItems", "minProperties", "minimum", "maximum"}
WORDS |= {"pattern", "enum", "const", "anyOf"}

FILES = [(base, name) for base in ("example", "chimney") for name in sorted(os.listdir(spec(base)))]


def schemas(node):
    """Every schema within a schema."""
    yield node
    for key in ("properties", "$defs"):
        for sub in node.get(key, {}).values():
            yield from schemas(sub)
    for key in ("additionalProperties", "propertyNames", "items"):
        if isinstance(node.get(key), dict):
            yield from schemas(node[key])
    for sub in node.get("anyOf", ()):
        yield from schemas(sub)


def test_it_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(load_schema())


def test_the_walker_knows_every_word_it_uses():
    for part in load_schema()["$defs"].values():
        for node in schemas(part):
            assert set(node) <= WORDS, node


def test_every_key_is_described():
    defs = load_schema()["$defs"]
    for part in defs.values():
        for node in schemas(part):
            for key, sub in node.get("properties", {}).items():
                named = defs[sub["$ref"].rsplit("/", 1)[1]] if "$ref" in sub else {}
                assert sub.get("description") or named.get("description"), key


def test_the_package_holds_the_same_schema():
    with open(os.path.join(ROOT, "spec", "schema", "flue.schema.json"), encoding="utf-8") as stream:
        assert json.load(stream) == load_schema()


@pytest.mark.parametrize("base, name", FILES)
def test_each_file_names_the_schema(base, name):
    first = read_spec(name, base).splitlines()[:2]
    assert first == [
        "# SPDX-License-Identifier: BSD-2-Clause",
        "# yaml-language-server: $schema=../schema/flue.schema.json",
    ]


def plain(tree):
    if tree.kind == "map":
        return {k: plain(v) for k, v in tree.value.items()}
    return [plain(v) for v in tree.value] if tree.kind == "list" else tree.value


def verdicts(text):
    """(the walker's, the library's), or None where the text is no mapping of a known kind."""
    report = Report()
    tree = parse("x.yaml", text, report)
    if tree is None or tree.kind != "map" or report.failed:
        return None
    kind = next((k for k in ("target", "node", "object") if k in tree.keys), None)
    if kind is None:
        return None
    schema = {**load_schema(), "anyOf": [{"$ref": f"#/$defs/{kind}_file"}]}
    library = jsonschema.Draft202012Validator(schema).is_valid(plain(tree))
    validate(tree, kind, report)
    return not report.failed, library


@pytest.mark.parametrize("base, name", FILES)
def test_walker_and_library_agree(base, name):
    text = read_spec(name, base)
    assert verdicts(text) == (True, True)
    dice = random.Random(f"agree/{base}/{name}")
    for _ in range(25):
        damaged = mutant(text, dice)
        found = verdicts(damaged)
        assert found is None or found[0] == found[1], damaged
