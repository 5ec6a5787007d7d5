# SPDX-License-Identifier: BSD-2-Clause
"""docs/api.md has a section for each function, the glossary's code exists, the ABI has its changes."""

import re
from pathlib import Path

from helpers import ROOT, Report, load, spec

from flue.backends.c.generate import ABI, render

HEADER = Path(ROOT, "runtime", "include", "flue", "flue.h")
PAGE = Path(ROOT, "docs", "api.md").read_text(encoding="utf-8")
GLOSSARY = Path(ROOT, "docs", "glossary.md").read_text(encoding="utf-8")
FIELDS = ("Thread", "From", "Errors", "Counts")
KINDS = {  # of generated functions, by their names
    r"^\w+_done$": "COMMAND_done",
    r"^\w+_data_from_\w+$": "COMMAND_data_from_COMMAND",
    r"^[a-z]+_name$": "WHAT_name",
}
TREES = ("runtime", "codegen", "drivers", "tests", "spec")


def sections(page):
    """By heading, the text up to the next one; a heading that comes twice is an error."""
    parts = re.split(r"^### `([\w.]+)`$", page, flags=re.MULTILINE)
    assert len(parts[1::2]) == len(set(parts[1::2]))
    return dict(zip(parts[1::2], (re.split(r"^## ", p, flags=re.M)[0] for p in parts[2::2])))


def code_of(text):
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def declared(text):
    """Functions that a header declares: they begin in the first column."""
    return re.findall(r"^[a-z][\w ]*[ *](\w+)\(", code_of(text), re.MULTILINE)


def pointers(text, structure):
    """Members of a structure that are functions."""
    (body,) = re.findall(rf"^struct {structure} {{$(.*?)^}};$", code_of(text), re.M | re.S)
    return re.findall(r"\(\*(\w+)\)\(", body)


def generated(target):
    """The sections that the generated header of a target needs."""
    name, header = target.name, render(target)[f"{target.name}.h"]
    operations = {o.name for o in target.operations}
    indications = {i.name for i in target.indications}
    events = {f"{o.name}_{e.name}" for o in target.objects for e in o.events}
    transfers = {f"{o.name}_{t.name}" for o in target.objects for t in o.transfers}
    for function in declared(header):
        short = function.removeprefix(f"{name}_")
        sort = "OPERATION" if short in operations else short
        sort = "INDICATION" if short in indications else sort
        sort = "OBJECT_EVENT" if short in events else sort
        for transfer in sorted(transfers, key=len, reverse=True):
            sort = sort.replace(f"transfer_{transfer}", "transfer_OBJECT_TRANSFER")
        for pattern, kind in () if "TRANSFER" in sort else KINDS.items():
            sort = re.sub(pattern, kind, sort)
        yield f"TARGET_{sort}"
    for member in pointers(header, f"{name}_binding"):
        yield "binding." + ("doorbell" if member == "doorbell" else "COMMAND")
    yield from (f"completions.{'OPERATION'}" for _ in pointers(header, f"{name}_completions"))
    yield from (f"indications.{'CALL'}" for _ in pointers(header, f"{name}_indications"))


def wanted():
    text = HEADER.read_text(encoding="utf-8")
    callbacks = {f"config.{m}" for m in pointers(text, "flue_config")}
    specs = spec("chimney"), str(Path(ROOT, "tests", "codegen", "rich"))
    made = {name for path in specs for name in generated(load(path, Report()))}
    return {*declared(text), *callbacks, *made}


def test_every_function_has_its_section_and_none_is_stale():
    assert sorted(sections(PAGE)) == sorted(wanted())


def test_every_section_says_thread_place_errors_and_counters():
    for name, text in sections(PAGE).items():
        for field in FIELDS:
            assert text.count(f"*{field}:*") == 1, f"{name}: {field}"
        assert len(text[: text.index("*Thread:*")].split()) > 4, f"{name}: no paragraph"


def test_counters_are_those_of_the_header():
    text = code_of(HEADER.read_text(encoding="utf-8"))
    bodies = re.findall(r"^struct flue_(?:shared_)?stats {$(.*?)^};$", text, re.M | re.S)
    known = set(re.findall(r"(\w+)(?:\[\w+\])?;", "".join(bodies)))
    assert len(known) > 25
    for name, section in sections(PAGE).items():
        counts = section[section.index("*Counts:*") :]
        for word in re.findall(r"`([a-z_]+)`", counts):
            assert word in known or word in sections(PAGE), f"{name}: {word}"


def test_a_function_without_a_section_is_seen():
    text = "int flue_one(void);\nconst char *flue_two(int a,\n    int b);\n/* bool flue_no(); */\n"
    assert declared(text) == ["flue_one", "flue_two"]
    assert pointers("struct a {\n    void (*wake)(void *x);\n};\n", "a") == ["wake"]


def words_of_the_code():
    text = []
    for tree in TREES:
        for path in sorted(Path(ROOT, tree).rglob("*")):
            if path.suffix in {".c", ".h", ".py", ".j2", ".yaml"} or path.name == "CMakeLists.txt":
                text.append(path.read_text(encoding="utf-8"))
                text.append(path.name)
    return set(re.findall(r"[\w.]+\.\w+|\w+", "\n".join(text)))


def code_named(row):
    """What stands in backticks in the last column, or in the first of the table of old words."""
    cells = row.strip().strip("|").split("|")
    return re.findall(r"`([^`]+)`", cells[-1] if len(cells) > 2 else cells[0])


def test_code_in_the_glossary_exists():
    words = words_of_the_code()
    rows = [line for line in GLOSSARY.splitlines() if line.startswith("| ")]
    named = [name for row in rows for name in code_named(row)]
    assert len(named) > 100
    for name in named:
        plain = name.removeprefix("struct ").removeprefix("enum ")
        known = Path(ROOT, name).exists() if "/" in name else plain in words
        assert known, f"docs/glossary.md: {name}"


def test_code_that_is_not_there_is_seen():
    row = "| a | b | c | `struct flue_kind`, `flue_noth` |"
    assert code_named(row) == ["struct flue_kind", "flue_noth"]
    assert "flue_kind" in words_of_the_code() and "flue_noth" + "ing" not in words_of_the_code()


def test_the_present_abi_has_its_changes():
    page = Path(ROOT, "CHANGELOG.md").read_text(encoding="utf-8")
    numbers = [int(n) for n in re.findall(r"^## ABI (\d+)\b", page, re.MULTILINE)]
    assert numbers == list(range(ABI, 0, -1))
    assert f"#define FLUE_ABI {ABI}\n" in HEADER.read_text(encoding="utf-8")
