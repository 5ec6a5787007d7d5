# SPDX-License-Identifier: BSD-2-Clause
"""What became of mutants: a row each, kept in files, and one table of all of them."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mutation.table import Mutant

WIDE = 200  # columns, where nobody says how wide the terminal is


@dataclass(frozen=True)
class Row:
    name: str
    due: list[str]  # the layers that must find it, of those that this run asks; none: nobody may
    found: list[str]  # all the layers that were asked and found it, cheapest first
    says: str  # what the first of those that must find it said, or else the first that found it
    broken: bool = False  # it does not apply
    story: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        missed = set(self.due) - set(self.found)
        return not self.broken and not missed and bool(self.due) == bool(self.found)


@dataclass
class Results:
    """Of one run; `skipped` are layers that it could not ask, and why."""

    title: str
    rows: list[Row] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)


def clear(path: Path | None) -> None:
    """No rows of an earlier run, should this one not come to its end."""
    if path:
        path.unlink(missing_ok=True)


def write(path: Path | None, results: Results) -> None:
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        data = asdict(results)
        for row in data["rows"]:
            del row["story"]  # --story shows it
        path.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def read(path: Path) -> Results:
    data = json.loads(path.read_text(encoding="utf-8"))
    return Results(data["title"], [Row(**row) for row in data["rows"]], data["skipped"])


def head(first: str) -> str:
    return f"{first:<45} {'due':<19} {'found by':<36} what it said"


def line(row: Row, columns: int = 0) -> str:
    found = ", ".join(row.found) or ("NOBODY" if row.due else "-")
    wrong = "" if row.good else "  <== WRONG"
    text = f"{row.name:<45} {', '.join(row.due) or 'nobody':<19} {found:<36} {row.says}"
    return (text[: columns - len(wrong)] if columns else text) + wrong


def summary(rows: list[Row]) -> list[str]:
    """A line for each layer: of the mutants that it must find, how many it found."""
    layers = list(dict.fromkeys(layer for row in rows for layer in row.due))
    out = []
    for layer in layers:
        due = [row for row in rows if layer in row.due]
        found = sum(layer in row.found for row in due)
        out.append(f"{layer:<14}{found:>4} of {len(due):>3}{'' if found == len(due) else '  <=='}")
    nobody = [row for row in rows if not row.due]
    if nobody:
        out.append(f"{'nobody':<14}{good_names(nobody):>4} of {len({r.name for r in nobody}):>3}")
    return out


def good_names(rows: list[Row]) -> int:
    """How many mutants are good in all of their rows; a layer that is asked apart has its own."""
    return len({row.name for row in rows} - {row.name for row in rows if not row.good})


def never_asked(mutants: list[Mutant], found: list[Results]) -> list[str]:
    """What the tables say must be asked and no run did; a layer that was skipped is excused."""
    skipped = {layer for results in found for layer in results.skipped}
    asked = {(row.name, layer) for results in found for row in results.rows for layer in row.due}
    there = {row.name for results in found for row in results.rows}
    out = []
    for m in mutants:
        missing = [x for x in m.found_by if (m.name, x) not in asked and x not in skipped]
        if missing or (not m.found_by and m.name not in there):
            who = f"nobody asked {', '.join(missing)}" if missing else "nobody was asked"
            out.append(f"{m.where}: {m.name}: {who}")
    return out


def whole_table(folder: Path, mutants: list[Mutant]) -> int:
    """All rows that runs have left in a folder; 1 if any is wrong, or one of the mutants has none."""
    found = [read(path) for path in sorted(folder.glob("*.json"))]
    columns = max(shutil.get_terminal_size((WIDE, 0)).columns, 120)
    for results in found:
        print("  " + head(results.title))
        for row in results.rows:
            print("  " + line(row, columns - 2))
        print()
    rows = [row for results in found for row in results.rows]
    print("".join(f"{x}\n" for x in summary(rows)))
    for layer, why in {k: v for x in found for k, v in x.skipped.items()}.items():
        print(f"skipped: layer {layer}: {why}")
    missing = never_asked(mutants, found)
    print("".join(f"{x}\n" for x in missing), end="")
    good, whole = good_names(rows), len({row.name for row in rows})
    print(f"{good} of {whole} found by all the layers that must find them")
    return 1 if missing or good != whole or not rows else 0
