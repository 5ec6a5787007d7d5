# SPDX-License-Identifier: BSD-2-Clause
"""The lines that no C test runs: gcovr's table, and for each such line whether it is explained.

    python3 tests/house/coverage.py build/coverage

An explanation is a row of a table in docs/coverage.md: file and function (patterns), and the line's
text. Exit status 1 if a line has none.
"""

import json
import re
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path, PurePath

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "coverage.md"
ROW = re.compile(r"^\| `([^`]+)` `([^`]+)` \| `(.*)` \|$", re.MULTILINE)


def measure(build: Path) -> dict:
    """Print gcovr's table of the runtime and of the code generated for chimney; give its numbers."""
    out = build / "coverage.json"
    command = ["gcovr", "--root", str(ROOT), "--object-directory", str(build)]
    runtime = ROOT / "runtime"  # but for the suite, which is a test
    for folder in (runtime / "src", runtime / "include", build / "generated" / "chimney"):
        command += ["--filter", re.escape(str(folder)) + "/"]
    for part in ("suite", "device", "simulate"):  # what tests are made of
        command += ["--exclude", rf".*/generated/.*_{part}\.[ch]"]
    command += ["--txt", "-", "--json", str(out), str(build)]
    subprocess.run(command, cwd=ROOT, check=True)
    return json.loads(out.read_text(encoding="utf-8"))


def function_at(lines: list[str], number: int) -> str:
    """The name before the last parenthesis that opens in column 1's line above: house style."""
    for line in reversed(lines[:number]):
        found = re.match(r"[A-Za-z_][^;=]*?(\w+)\(", line)
        if found:
            return found[1]
    return "?"


def not_run(report: dict) -> list[tuple[str, int, str, str]]:
    """File, line number, function and text of every line that was never run."""
    out = []
    for file in report["files"]:
        lines = (ROOT / file["file"]).read_text(encoding="utf-8").splitlines()
        for line in file["lines"]:
            number = line["line_number"]
            if line["count"] == 0 and not line.get("gcovr/noncode", False):
                text = lines[number - 1].strip()
                out.append((file["file"], number, function_at(lines, number), text))
    return out


def explained(page: str, file: str, function: str, text: str) -> bool:
    return any(
        PurePath(file).match(where) and fnmatch(function, name) and line.replace(r"\|", "|") == text
        for where, name, line in ROW.findall(page)
    )


def main(build: Path) -> int:
    lines = not_run(measure(build.resolve()))
    page = PAGE.read_text(encoding="utf-8")
    wrong = [x for x in lines if not explained(page, x[0], x[2], x[3])]
    for file, number, function, text in wrong:
        print(f"{file}:{number}: not run by any test, and not explained, in {function}: {text}")
    print(
        f"{len(lines)} lines are not run, {len(lines) - len(wrong)} explained in docs/coverage.md"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
