# SPDX-License-Identifier: BSD-2-Clause
"""The pages for people: what their tables name is there."""

import re
from pathlib import Path

import pytest
from helpers import ROOT

ROOT = Path(ROOT)
ASSURANCE = ROOT / "docs" / "assurance.md"
NAMES = {  # tests that CMake names after a file
    r"codegen_(\w+)": "tests/codegen/test_{}.py",
    r"compilers_(\w+)": "tests/compilers/test_{}.py",
    r"runtime_(\w+?)(?:_slow)?": "tests/runtime/test_{}.c",
    r"mutation_(\w+)": "tests/mutation/test_{}.py",
    r"reading_(\w+)": "tests/reading/test_{}.py",
    r"contract_(\w+)": "tests/contract/{}.c",
    r"suite_(\w+)": "spec/{}/target.yaml",
    r"simulate_(\w+)": "spec/{}/target.yaml",
}


def rows(page):
    """The cells of each row of a page's tables, but for the heads."""
    for line in re.findall(r"^\|(.*)\|$", page, re.MULTILINE):
        cells = [cell.strip() for cell in line.split("|")]
        if not set(line) <= set("|- "):
            yield cells


def names_in_cmake():
    """Of tests, as they are written; and those that a foreach makes of a list of words."""
    for path in [*ROOT.glob("tests/**/CMakeLists.txt"), *ROOT.glob("runtime/CMakeLists.txt")]:
        text = path.read_text("utf-8")
        words = dict(re.findall(r"foreach\((\w+) ([^)$]+)\)", text))
        for name, variable in re.findall(r"(?:NAME |_test\((?!NAME))(\w+)(?:\$\{(\w+)\})?", text):
            yield from (name + word for word in words.get(variable, "").split() or [""])


def is_a_test(name):
    if name in names_in_cmake():
        return True
    found = [(re.fullmatch(k, name), v) for k, v in NAMES.items()]
    return any(m and (ROOT / path.format(m[1])).exists() for m, path in found)


def wrong_commands(command):
    """What of a command line is no word of ./dev, and no file."""
    words = command.split()
    if "./dev" in words:
        known = re.findall(r"^  (\w+)", (ROOT / "tools/usage.txt").read_text("utf-8"), re.MULTILINE)
        return [w for w in words[words.index("./dev") + 1 :][:1] if w not in known]
    return [w for w in words if w.startswith("tests/") and not (ROOT / w).exists()]


def test_the_table_of_assurances_names_tests_and_commands_that_exist():
    table = [cells for cells in rows(ASSURANCE.read_text("utf-8")) if cells[0] != "claim"]
    assert len(table) > 20
    for cells in table:
        assert len(cells) == 5 and cells[1] and cells[3] and cells[4], cells
        for name in re.findall(r"`(\w+)`", cells[3]):
            preset = name in ("asan", "tsan", "coverage")
            assert preset or is_a_test(name), f"no test {name}: {cells[0]}"
        (command,) = re.findall(r"^`(.*)`$", cells[4])
        assert not wrong_commands(command), command


def test_what_is_not_there_is_seen():
    assert is_a_test("runtime_paths") and is_a_test("differential")
    assert not is_a_test("runtime_path") and not is_a_test("different")
    assert wrong_commands("./dev tests") and wrong_commands("tests/reading/no.py --seed 1")
    assert not wrong_commands("FLUE_PRESET=asan ./dev simulate --seeds 1")


RUNTIME = (ROOT / "docs" / "runtime.md").read_text("utf-8")
HEADER = (ROOT / "runtime" / "include" / "flue" / "flue.h").read_text("utf-8")
CODE = re.sub(r"/\*.*?\*/", "", HEADER, flags=re.DOTALL)


def table_of(page, heading):
    """The rows below a heading, without the head of the table."""
    (part,) = re.findall(rf"^#+ {heading}$(.*?)(?=^#|\Z)", page, re.MULTILINE | re.DOTALL)
    return list(rows(part))[1:]


def body_of(structure):
    (body,) = re.findall(rf"^struct {structure} {{$(.*?)^}};$", CODE, re.MULTILINE | re.DOTALL)
    return body


def members_of(structure):
    return re.findall(r"(\w+)(?:\[\w+\])?;", body_of(structure))


def values_of(enum):
    (body,) = re.findall(rf"enum {enum} {{(.*?)}}", CODE, re.DOTALL)
    return re.findall(r"FLUE_\w+", body)


def functions_that_return():
    """Name and type of each function of flue.h that returns something."""
    for kind, name in re.findall(r"^([a-z][\w ]*[ *])(\w+)\(", CODE, re.MULTILINE):
        if kind.strip() != "void":
            yield name, kind.replace("const", "").strip()


def test_the_counters_are_those_of_the_header():
    names = [cells[0].strip("`") for cells in table_of(RUNTIME, "Counters")]
    assert names == members_of("flue_shared_stats") + members_of("flue_stats")
    assert len(members_of("flue_shared_stats")) == 11, "the page says: the first eleven"


def test_the_configuration_is_that_of_the_header():
    rows = table_of(RUNTIME, "Configuration")
    names = [n for cells in rows for n in re.findall(r"`(\w+)`", cells[0])]
    callbacks = ["wake", "reap", "reset_wanted", "trace"]
    plain = [n for n in names if n not in callbacks]
    assert plain == members_of("flue_config")
    assert [n for n in names if n in callbacks] == re.findall(
        r"\(\*(\w+)\)", body_of("flue_config")
    )


def test_each_counter_is_counted_in_the_files_that_its_row_names():
    for name, what, when, files in table_of(RUNTIME, "Counters"):
        name = name.strip("`")
        assert what and when, name
        there = [p for p in ROOT.glob("runtime/**/*.[ch]") if p.name != "flue.h"]
        counting = {
            p.name for p in there if re.search(rf"(stats|shared)\.{name}\b", p.read_text("utf-8"))
        }
        assert set(re.findall(r"`([\w.]+)`", files)) == counting, name


def test_what_calls_return_is_told_of_every_call_and_value():
    table = table_of(RUNTIME, "What calls return")
    told = {}
    for calls, value, who, why in table:
        assert value and who and why, calls
        for call in re.findall(r"`(flue_\w+)`", calls):
            told.setdefault(call, []).append(value)
    assert sorted(told) == sorted(name for name, _ in functions_that_return())
    for name, kind in functions_that_return():
        if kind == "bool":
            assert told[name] == ["true", "false"], name
        if kind.startswith("enum"):
            values = re.findall(r"FLUE_\w+", " ".join(told[name]))
            assert values == values_of(kind.removeprefix("enum ")), name
    bound = " ".join(value for call, value, _, _ in table if call == "a binding function")
    assert re.findall(r"FLUE_\w+", bound) == values_of("flue_issued")


def test_results_of_commands_are_those_of_the_header():
    table = table_of(RUNTIME, "Results of commands")
    told = re.findall(r"`(\w+)`", " ".join(cells[0] for cells in table if "spec" not in cells[0]))
    known = [v.removeprefix("FLUE_RESULT_").lower() for v in values_of("flue_result")]
    assert sorted([*told, "spec"]) == sorted(known)


WHERE = [  # a table that leads people to files, and from where it names them
    ("CONTRIBUTING.md", "Where to add what"),
    ("codegen/README.md", "To add a condition"),
    ("codegen/README.md", "To add a field of a command"),
]
PACKAGE = ROOT / "codegen" / "flue"
FROM = (
    ROOT,
    PACKAGE,
    PACKAGE / "backends" / "c",
    PACKAGE / "backends" / "promela",
    PACKAGE / "backends" / "promela" / "templates",
    ROOT / "tests" / "reading",
    ROOT / "runtime" / "src",
    ROOT / "runtime" / "include",
    ROOT / "tests" / "runtime",
)
SOURCES = ("codegen/flue/**/*.py", "runtime/src/*.c", "tests/tie/*.py")


def words_of_sources():
    return "".join(p.read_text("utf-8") for glob in SOURCES for p in ROOT.glob(glob))


def leads_nowhere(word, text):
    """A path that no file has, or a function that nobody defines. SUBJECT, FILE and x_... are to be replaced."""
    if re.search(r"[A-Z]{4}|\.\.\.|[ @\"]", word) and not word.startswith("FLUE_"):
        return False
    if word.endswith("()"):
        return not re.search(rf"\b{word[:-2]}\(", text)
    if "/" in word or re.search(r"\.\w+$", word):
        return not any((folder / word).exists() for folder in FROM)
    return False


@pytest.mark.parametrize("page, heading", WHERE, ids=lambda x: str(x))
def test_where_to_add_what_names_files_and_functions_that_exist(page, heading):
    text = words_of_sources()
    named = 0
    for cells in table_of((ROOT / page).read_text("utf-8"), heading):
        for word in re.findall(r"`([^`]+)`", " ".join(cells)):
            assert not leads_nowhere(word, text), word
            named += "/" in word
    assert named > 5


def all_tests():
    yield from names_in_cmake()
    for pattern, path in NAMES.items():
        prefix = pattern.partition("(")[0]
        before, _, after = path.partition("{}")
        for file in ROOT.glob(path.format("*")):
            yield prefix + str(file.relative_to(ROOT))[len(before) : -len(after)]


def test_where_to_add_what_runs_tests_that_exist():
    names = sorted(set(all_tests()))
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    filters = re.findall(
        r"`\./dev test ([a-z_ ]+)`", "".join(map("".join, table_of(page, WHERE[0][1])))
    )
    assert len(filters) > 5
    for word in " ".join(filters).split():
        assert any(word in name for name in names), word


def test_a_place_that_is_not_there_is_seen():
    assert leads_nowhere("check/no.py", "") and leads_nowhere("flue_no()", "flue_now()")
    assert not leads_nowhere("check/SUBJECT.py", "") and not leads_nowhere("x_...", "")


def test_every_file_of_the_runtime_has_its_idea_in_the_readme():
    page = (ROOT / "runtime" / "README.md").read_text("utf-8")
    named = set(re.findall(r"`(src/\w+\.c|include/[\w/]+\.h)`", page))
    folder = ROOT / "runtime"
    there = [*folder.glob("src/*.c"), *folder.glob("include/**/*.h")]
    assert named == {str(p.relative_to(folder)) for p in there}


def test_the_readme_of_the_tests_has_every_folder():
    page = (ROOT / "tests" / "README.md").read_text("utf-8")
    named = re.findall(r"^\| `(\w+)/` \| ", page, re.MULTILINE)
    there = {p.name for p in (ROOT / "tests").iterdir() if p.is_dir() and any(p.glob("*.*"))}
    assert len(named) == len(set(named)) and set(named) == there - {"__pycache__"}


# CHANGELOG.md names what was; the glossary has a test of its own.
SAYING = [p for p in ROOT.rglob("*.md") if "build" not in p.relative_to(ROOT).parts]
SAYING = [p for p in SAYING if p.name not in ("CHANGELOG.md", "glossary.md")]


def identifiers(page):
    """Names of the library that a page says, of functions, macros and enumerators."""
    return set(re.findall(r"\b(?:flue_\w*[a-z0-9]|FLUE_\w*[A-Z0-9])\b(?!_)(?!\.)", page))


def words_of_the_library():
    text = words_of_sources()
    for glob in (
        "runtime/**/*.[ch]",
        "drivers/device/*.[ch]",
        "drivers/simulate/*.[ch]",
        "codegen/**/*.j2",
        "tests/**/*.py",
        "tests/**/CMakeLists.txt",
        "CMakeLists.txt",
        "cmake/*",
        "drivers/*/*.cmake",
        "drivers/*/*.inf",
        "codegen/cmake/*",
        "tools/*",
        "dev",
    ):
        text += "".join(
            p.read_text("utf-8") for p in ROOT.glob(glob) if p.is_file() and p.suffix != ".pyc"
        )
    return set(re.findall(r"\w+", text))


def test_names_of_the_library_in_pages_exist():
    known = words_of_the_library()
    for page in SAYING:
        for name in sorted(identifiers(page.read_text("utf-8"))):
            assert name in known, f"{page.relative_to(ROOT)}: {name}"


def test_a_name_of_the_library_is_seen():
    assert identifiers("`flue_no()`, `FLUE_NONE`, `flue_target_...`") == {"flue_no", "FLUE_NONE"}
