# SPDX-License-Identifier: BSD-2-Clause
"""The pages for people: what their tables name is there."""

import re
from pathlib import Path

from helpers import ROOT

ROOT = Path(ROOT)
ASSURANCE = ROOT / "docs" / "assurance.md"
NAMES = {  # tests that CMake names after a file
    r"codegen_(\w+)": "tests/codegen/test_{}.py",
    r"compilers_(\w+)": "tests/compilers/test_{}.py",
    r"runtime_(\w+?)(?:_slow)?": "tests/runtime/test_{}.c",
    r"contract_(\w+)": "tests/contract/{}.c",
    r"suite_(\w+)": "spec/{}/target.yaml",
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
