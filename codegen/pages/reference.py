# SPDX-License-Identifier: BSD-2-Clause
"""What spec/reference.md says of each key, of the schema that checks specs and that editors use.

A key's meaning is its `description`. Two more words of the schema, which check nothing, are for this page:
`x-default` says what holds where the key is left out, `x-value` what it is set to, where the schema's
other words do not tell (a name of what); `x-key` does so for the keys of a mapping that names things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from flue.syntax.schema import load_schema

HERE = Path(__file__).parent
FILES = {"target": "target's file", "node": "node's file", "object": "object's file"}
DEFS = load_schema()["$defs"]
OF_A_CLASS = re.compile(r"\b(layout|variables)\.(?:const|cached|delegated)\b")
MANY = 12  # tables with the same key, of which none is what somebody looks for


def known() -> dict:
    return {"keys": keys, "values": values, "index": index}


def mappings(name: str, schema: dict) -> Iterator[tuple[str, dict]]:
    """Every mapping with keys of its own in a definition, by its name: target_file.abi."""
    if "properties" in schema:
        yield name, schema
        for key, value in schema["properties"].items():
            yield from mappings(f"{name}.{key}", value)
    for each in (*schema.get("anyOf", ()), schema.get("items"), schema.get("additionalProperties")):
        if isinstance(each, dict):
            yield from mappings(name, each)


def tables() -> dict[str, list[dict]]:
    """The mappings of the language; several of one name are alternatives."""
    out: dict[str, list[dict]] = {}
    for head, definition in DEFS.items():
        for name, schema in mappings(head, definition):
            out.setdefault(name, []).append(schema)
    return out


def rows(name: str) -> Iterator[tuple[str, str, dict, bool]]:
    """(key, name of its own table, its schema, whether it must be there), each meaning of a key once."""
    alternatives, seen = tables()[name], set()
    for schema in alternatives:
        for key, value in schema["properties"].items():
            meaning = key, of(value, "description")
            if meaning not in seen:
                seen.add(meaning)
                yield key, f"{name}.{key}", value, all(
                    key in s.get("required", ()) for s in alternatives
                )


def keys(name: str) -> str:
    """The table of one mapping, and where in which file it stands."""
    out = f"{stands(name)}\n\n<!-- keys: {name} -->\n| key | value | default | meaning |\n|---|---|---|---|\n"
    for key, path, schema, required in rows(name):
        default = "required" if required else of(schema, "x-default")
        meaning = with_links(of(schema, "description"))
        out += f"| `{key}` | {value_of(schema, path)} | {default} | {meaning} |\n"
    return out.rstrip("\n")


def of(schema: dict, word: str) -> str:
    """A word of a schema, or of the definition that it refers to."""
    if word in schema:
        return schema[word]
    assert "$ref" in schema, f"no {word}: {schema}"
    return of(referred(schema), word)


def referred(schema: dict) -> dict:
    return DEFS[schema["$ref"].rpartition("/")[2]]


def value_of(schema: dict, path: str) -> str:
    """What may be written there, in words; a mapping is a link to its table."""
    if "$ref" in schema and "x-value" not in schema:
        name = schema["$ref"].rpartition("/")[2]
        return value_of(DEFS[name], name)
    if path in tables():
        return f"[{label(schema, path)}](#{section_of(path)})"
    if "x-value" in schema:
        return schema["x-value"]
    if "enum" in schema or "const" in schema:
        return either([f"`{word(w)}`" for w in schema.get("enum", [schema.get("const")])])
    if "anyOf" in schema:
        return either([value_of(each, path) for each in schema["anyOf"]])
    if schema["type"] == "array":
        return f"list of {plural(value_of(schema['items'], path))}"
    if schema["type"] == "object":
        key = schema.get("x-key") or of(schema["propertyNames"], "x-value")
        return f"{key}: {value_of(schema['additionalProperties'], path)}"
    return {"boolean": "`true` or `false`"}[schema["type"]]


def label(schema: dict, path: str) -> str:
    return schema.get("x-value") or path.rpartition(".")[2].replace("_", " ")


def word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def either(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def plural(words: str) -> str:
    if "`" in words:
        return words.replace(" or ", ", ")
    return re.sub(
        r"(s?)(\]\(.*)?$", lambda m: f"{m[1]}{'es' if m[1] else 's'}{m[2] or ''}", words, count=1
    )


def template(name: str) -> str:
    return (HERE / f"{name}.md.in").read_text(encoding="utf-8")


def slug(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def section_of(table: str) -> str:
    """Of this page, where the template asks for that table."""
    above = template("reference").partition(f'{{{{ keys("{table}") }}}}')[0]
    return slug(re.findall(r"^#+ (.*)$", above, re.MULTILINE)[-1])


def with_links(meaning: str) -> str:
    """See "Title" leads to the section of that title, here or among the laws."""

    def link(found: re.Match) -> str:
        for page in ("reference", "rules"):
            if re.search(rf"^#+ {re.escape(found[1])}$", template(page), re.MULTILINE):
                return f"See [{found[1]}]({'' if page == 'reference' else page + '.md'}#{slug(found[1])})"
        raise ValueError(f"no section {found[1]}")

    return re.sub(r'See "([^"]+)"', link, meaning)


def stands(name: str) -> str:
    """In which files, and below which keys."""
    found = [(where, path) for where in FILES for path in places(where) if path[0] == name]
    out = []
    for where in dict.fromkeys(where for where, _ in found):
        below = sorted(
            {OF_A_CLASS.sub(r"\1.*", path) for other, (_, path) in found if other == where}
        )
        below = [p for p in below if p and not (p.endswith("[]") and p[:-2] in below)]
        at = ": " + ", ".join(f"`{p}`" for p in below) if below else ", at its top"
        out.append(f"{FILES[where]}{at}")
    return f"*Where:* {'; '.join(out)}"


def places(file: str) -> Iterator[tuple[str, str]]:
    """(name of a mapping, the keys that lead to it) of all mappings in one sort of files."""

    def within(name: str, schema: dict, path: str) -> Iterator[tuple[str, str]]:
        if "$ref" in schema:
            name, schema = schema["$ref"].rpartition("/")[2], referred(schema)
        if "properties" in schema:
            yield name, path
            for key, value in schema["properties"].items():
                yield from within(f"{name}.{key}", value, f"{path}.{key}".lstrip("."))
        for each in schema.get("anyOf", ()):
            yield from within(name, each, path)
        if isinstance(schema.get("additionalProperties"), dict):
            yield from within(name, schema["additionalProperties"], f"{path}.*")
        if "items" in schema:
            yield from within(name, schema["items"], f"{path}[]")

    yield from within(f"{file}_file", DEFS[f"{file}_file"], "")


def values() -> str:
    """What the tables' second column means by its words."""
    words = [
        d for name, d in DEFS.items() if "x-value" in d and not {name, "$ref"} & {*tables(), *d}
    ]
    return "\n".join(f"| {d['x-value']} | {d['description']} |" for d in words)


def index() -> str:
    """Every key, and the tables that have it."""
    found: dict[str, list[str]] = {}
    for name, (first, *_) in tables().items():
        said = label({} if ":" in first.get("x-value", "") else first, name)
        for key in dict.fromkeys(key for key, *_ in rows(name)):
            found.setdefault(key, []).append(f"[{said}](#{section_of(name)})")
    shown = {key: ", ".join(of) if len(of) < MANY else "nearly all" for key, of in found.items()}
    return "\n".join(f"| `{key}` | {shown[key]} |" for key in sorted(shown))
