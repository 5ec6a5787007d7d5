# SPDX-License-Identifier: BSD-2-Clause
"""The house rules that a machine can check: license lines, sizes, widths, old words.

Run by CTest and by `./dev check`; prints one line per finding, exit status 1 if there are any.
"""

import re
import sys
from pathlib import Path

from sources import ROOT, files
from words import old_words

LICENSE = "SPDX-License-Identifier: BSD-2-Clause"
SOURCES = {".c", ".h", ".py", ".j2", ".cmake", ".sh", ".yaml", ".yml"}
NAMED_SOURCES = {"CMakeLists.txt", "dev", "flue", ".clang-format", ".editorconfig"}
MAX_LINES = {".c": 500, ".h": 500, ".py": 300, ".sh": 80, "dev": 80, ".j2": 120}
MAX_FUNCTION = 70
MAX_COLUMNS = {".c": 100, ".h": 100, ".yaml": 120}  # Python is black's business


def license_line(name: str, suffix: str, lines: list[str]) -> list[str]:
    is_source = suffix in SOURCES or Path(name).name in NAMED_SOURCES
    if is_source and not any(LICENSE in line for line in lines[:5]):
        return [f"{name}:1: no line `{LICENSE}`"]
    return []


def size(name: str, suffix: str, lines: list[str]) -> list[str]:
    limit = MAX_LINES.get(suffix or name)
    if limit and len(lines) > limit:
        return [f"{name}:{limit + 1}: {len(lines)} lines, {limit} are allowed"]
    return []


def columns(name: str, suffix: str, lines: list[str]) -> list[str]:
    limit = MAX_COLUMNS.get(suffix)
    out = []
    for number, line in enumerate(lines, 1):
        if limit and len(line) > limit:
            out.append(f"{name}:{number}: {len(line)} columns, {limit} are allowed")
        if suffix in SOURCES and "\t" in line:
            out.append(f"{name}:{number}: a tab")
        if line != line.rstrip() and suffix != ".txt":
            out.append(f"{name}:{number}: white space at the end of the line")
    return out


def functions(name: str, suffix: str, lines: list[str]) -> list[str]:
    """A C function here begins with `{` in column 1 and ends with `}` there."""
    out, begin = [], 0
    for number, line in enumerate(lines, 1):
        if suffix == ".c" and line == "{":
            begin = number
        elif suffix == ".c" and begin and line == "}":
            if number - begin > MAX_FUNCTION:
                out.append(f"{name}:{begin}: a function of {number - begin} lines")
            begin = 0
    return out + (python_functions(name, lines) if suffix == ".py" else [])


def python_functions(name: str, lines: list[str]) -> list[str]:
    out, begin, indent = [], 0, 0
    for number, line in enumerate(lines + ["end"], 1):
        depth = len(line) - len(line.lstrip())
        if begin and line.strip() and depth <= indent and not line.strip().startswith(")"):
            if number - begin > MAX_FUNCTION:
                out.append(f"{name}:{begin}: a function of {number - begin} lines")
            begin = 0
        if re.match(r"\s*def ", line):
            begin, indent = number, depth
    return out


NUMBERS = {
    ".c": r"\b(strto\w*l+|ato[il]+)\((arg|word|option)",
    ".py": r"\btype=(int|float)\b",
}
OURS = "tests/kernel/exit.c"  # called by our own init, and by nobody else


def numbers(name: str, suffix: str, lines: list[str]) -> list[str]:
    """What a user gives for a number may be none: that is asked in two places, and nowhere else."""
    pattern = NUMBERS.get(suffix) if name != OURS else None
    return [
        f"{name}:{number}: a word for a number, unchecked: number.h and flue.ranges check it"
        for number, line in enumerate(lines, 1)
        if pattern and re.search(pattern, line)
    ]


RULES = (license_line, size, columns, functions, numbers, old_words)


def main() -> int:
    findings = []
    for path in files():
        name = path.relative_to(ROOT).as_posix()
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for rule in RULES:
            findings += rule(name, path.suffix, lines)
    print("\n".join(findings) or "house rules: kept")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
