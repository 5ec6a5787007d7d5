# SPDX-License-Identifier: BSD-2-Clause
"""The JSON Schema, and that whatever the jsonschema library finds is said."""

import json
import os
import random
import re

import jsonschema
import pytest
from helpers import ROOT, read_spec, spec
from damage import damage

from flue.diagnostics import Report
from flue.syntax.schema import SAY, load_schema, validate
from flue.syntax.source import parse

# Words that refuse nothing by themselves; those with an x are for spec/reference.md.
WORDS = {"$ref", "title", "description", "properties", "items", "propertyNames"}
WORDS |= {"x-value", "x-key", "x-default"}

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


def test_there_is_a_message_for_every_word_that_refuses():
    for part in load_schema()["$defs"].values():
        for node in schemas(part):
            assert set(node) <= WORDS | SAY.keys() | {
                "additionalProperties",
                "required",
                "uniqueItems",
            }, node
            assert ("minimum" in node) == ("maximum" in node), node
            assert node.get("additionalProperties") is not False or "properties" in node, node
            assert "title" in node or not {"pattern", "anyOf"} & set(node), node


def test_alternatives_of_one_type_are_mappings():
    defs = load_schema()["$defs"]
    for part in defs.values():
        for node in schemas(part):
            branches = [
                defs.get(b.get("$ref", "").rsplit("/", 1)[-1], b) for b in node.get("anyOf", ())
            ]
            types = [b.get("type", "string") for b in branches]
            assert len(set(types)) == len(types) or set(types) == {"object"}, node


def test_every_key_is_described_where_it_stands():
    """Editors show it; what is common to several keys says less than each can."""
    for part in load_schema()["$defs"].values():
        for node in schemas(part):
            for key, sub in node.get("properties", {}).items():
                assert re.search(r"[^.][.?]$", sub["description"]), (key, sub)


def test_what_holds_without_a_key_is_said_of_those_that_may_be_left_out():
    for part in load_schema()["$defs"].values():
        for node in schemas(part):
            for key, sub in node.get("properties", {}).items():
                assert "x-default" in sub or key in node.get("required", ()), (key, sub)


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
    """(ours, the library's), or None where the text is no mapping of a known kind."""
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
def test_what_the_library_refuses_is_said(base, name):
    text = read_spec(name, base)
    assert verdicts(text) == (True, True)
    dice = random.Random(f"agree/{base}/{name}")
    for _ in range(25):
        damaged = damage(text, dice)
        found = verdicts(damaged)
        assert found is None or found[0] == found[1], damaged


@pytest.mark.parametrize("value", ["[" * 900 + "]" * 900, "{a: " * 900 + "1" + "}" * 900])
def test_no_depth_is_too_deep(value):
    report = Report()
    validate(parse("x.yaml", f"object: {value}\n", report), "object", report)
    assert '"object" must be a name' in report.text()


def test_a_line_break_is_no_part_of_a_name():
    report = Report()
    validate(parse("x.yaml", 'object: "meter\\n"\n', report), "object", report)
    assert '"object" must be a name' in report.text()
