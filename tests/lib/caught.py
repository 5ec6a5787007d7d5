# SPDX-License-Identifier: BSD-2-Clause
"""One table of all that is broken on purpose: who is meant to find it, who did, and what was said.

    caught.py FOLDER [NAME[:TOOL]...]

The tests that break things write their rows into FOLDER, a file each, when they are done. Exit status
1 if something was not found by the layer that is meant to, or if a file of NAME is missing; without
TOOL that test was skipped, and rows of an earlier run say nothing.
"""

from __future__ import annotations

import json
import shutil
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

WIDE = 200  # columns, where nobody says how wide the terminal is


@dataclass(frozen=True)
class Row:
    what: str
    meant: str
    found: list[str]  # all the layers that were asked and found it, cheapest first
    says: str  # what the layer that is meant to said, or else the first that found it

    @property
    def good(self) -> bool:
        return self.meant in self.found if self.meant != "nobody" else not self.found


def clear(path: Path | None) -> None:
    """No rows of an earlier run, should this one not come to its end."""
    if path:
        path.unlink(missing_ok=True)


def write(path: Path | None, title: str, rows: list[Row]) -> None:
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        data = {"title": title, "rows": [asdict(row) for row in rows]}
        path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> tuple[str, list[Row]]:
    data = json.loads(path.read_text(encoding="utf-8"))
    return data["title"], [Row(**row) for row in data["rows"]]


def head(first: str) -> str:
    return f"{first:<58} {'meant':<11} {'found by':<35} what it said"


def line(row: Row, columns: int = 0) -> str:
    found = ", ".join(row.found) or ("-" if row.meant == "nobody" else "NOBODY")
    wrong = "" if row.good else "  <== WRONG"
    text = f"{row.what:<58} {row.meant:<11} {found:<35} {row.says}"
    return (text[: columns - len(wrong)] if columns else text) + wrong


def skipped(names: list[str]) -> list[str]:
    pairs = [name.partition(":") for name in names]
    return [name for name, _, tool in pairs if tool and not shutil.which(tool)]


def table(folder: Path, names: list[str]) -> int:
    without = skipped(names)
    names = [name for name in (n.partition(":")[0] for n in names) if name not in without]
    found = {p.stem: p for p in sorted(folder.glob("*.json")) if p.stem not in without}
    columns = max(shutil.get_terminal_size((WIDE, 0)).columns, 120)
    whole, good, missing = 0, 0, [name for name in names if name not in found]
    for path in found.values():
        title, rows = read(path)
        print("  " + head(title))
        for row in rows:
            print("  " + line(row, columns - 2))
        print()
        whole, good = whole + len(rows), good + sum(row.good for row in rows)
    for name in without:
        print(f"skipped: {name}, for want of its tool")
    for name in missing:
        print(f"{name}: no rows; the test did not come to its end")
    print(f"{good} of {whole} found by the layer that is meant to")
    return 1 if missing or good != whole else 0


if __name__ == "__main__":
    sys.exit(table(Path(sys.argv[1]), sys.argv[2:]))
