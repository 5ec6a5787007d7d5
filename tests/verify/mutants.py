# SPDX-License-Identifier: BSD-2-Clause
"""Changed specs that pass `flue check` and that the models have to find; prints a table.

A mutant is a text replaced once in one file. What the hardware does is taken from the spec as it was,
so a spec that says something untrue of it is found, too. Run: mutants.py [NAME...]
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "codegen"))

from flue import promela, verify  # noqa: E402
from flue.analysis import analyse  # noqa: E402
from flue.report import Report  # noqa: E402

SPEC = ROOT / "spec" / "chimney"


@dataclass(frozen=True)
class Mutant:
    name: str
    model: str  # the one that is meant to find it
    kind: str  # model A: the object to look at; the others are as they were
    edits: tuple[tuple[str, str, str], ...]  # file, text, what it becomes


def state(name: str, spec: str) -> str:
    """The text of a state, to be taken out."""
    text = (SPEC / spec).read_text(encoding="utf-8")
    begin = text.index(f"\n  {name}:\n", text.index("\nstates:")) + 1
    rest = text[begin:].split("\n")
    end = next((i for i, line in enumerate(rest) if i and line[:4].strip()), len(rest))
    return "\n".join(rest[:end]) + "\n"


UNTAKEN = "      failed: {to: corrupt, status: failure}\n"
HELD = "[offloaded, updating, reverting, querying, invalidating]"

MUTANTS = [
    Mutant(
        "on_failure: unchanged of a write that may have happened",
        "A",
        "path",
        (
            (
                "path.yaml",
                "write_mtu: {carries: [path_mtu], undo: old_values,",
                "write_mtu: {carries: [path_mtu], undo: old_values, on_failure: unchanged,",
            ),
        ),
    ),
    Mutant(
        "on_failure: unchanged of one of three writes",
        "A",
        "tcp",
        (
            (
                "tcp.yaml",
                "    doc: Change how it buffers.\n",
                "    doc: Change how it buffers.\n    on_failure: unchanged\n",
            ),
        ),
    ),
    Mutant(
        "an add undone by a command that does not remove",
        "A",
        "path",
        (("path.yaml", "undo: remove_path", "undo: block_path"),),
    ),
    Mutant(
        "an update accepted while invalid (path)",
        "A",
        "path",
        (
            (
                "path.yaml",
                "      update:\n        - {if: is_invalid, refuse: failure}\n",
                "      update:\n",
            ),
        ),
    ),
    Mutant(
        "an update accepted while invalid (tcp)",
        "A",
        "tcp",
        (("tcp.yaml", "        - {if: is_invalid, refuse: failure}\n", ""),),
    ),
    Mutant(
        "a restore without asking for the invalid mark",
        "A",
        "neighbor",
        (("neighbor.yaml", "        - {if: is_invalid, stay: true}\n", ""),),
    ),
    Mutant(
        "an invalidate that forgets its mark",
        "A",
        "tcp",
        (
            (
                "tcp.yaml",
                "invalidate: {mark: invalid, send: block_tcp",
                "invalidate: {send: block_tcp",
            ),
        ),
    ),
    Mutant(
        "a failed update that is not taken back",
        "A",
        "tcp",
        (
            ("tcp.yaml", "      failed: {undo: update, to: reverting}\n", UNTAKEN),
            ("tcp.yaml", state("reverting", "tcp.yaml"), ""),
            ("tcp.yaml", HELD, "[offloaded, updating, querying, invalidating]"),
        ),
    ),
    Mutant(
        "a failed add that is not taken back",
        "A",
        "path",
        (
            (
                "path.yaml",
                "      failed: {undo: add_path, to: withdrawing}\n",
                "      failed: {to: stranded, status: failure}\n",
            ),
            ("path.yaml", state("withdrawing", "path.yaml"), ""),
        ),
    ),
    Mutant(
        "a timeout of an add that becomes a good status",
        "A",
        "neighbor",
        (
            (
                "target.yaml",
                "results: {timeout: failure, others: failure}\n    statuses: [success, partial",
                "results: {timeout: partial_success, others: failure}\n    statuses: [success, partial",
            ),
        ),
    ),
    Mutant(
        "an object lost at rest in a reset that bears no mark",
        "A",
        "tcp",
        (
            (
                "target.yaml",
                "    reset:      {to: lost, mark: broken}\n",
                "    reset:      {to: lost}\n",
            ),
        ),
    ),
    Mutant(
        "an object lost while busy that bears no mark",
        "A",
        "tcp",
        (
            (
                "target.yaml",
                "reset:      {to: lost, mark: broken, status",
                "reset:      {to: lost, status",
            ),
        ),
    ),
    Mutant(
        "a mark that ends too soon",
        "A",
        "path",
        (
            (
                "target.yaml",
                "sent by it., ends: with_object}",
                "sent by it., ends: when_hardware_has}",
            ),
        ),
    ),
    Mutant(
        "an operation that ends objects in the wrong order",
        "B",
        "trees",
        (("target.yaml", "    order: dependents_first\n", "    order: any\n"),),
    ),
    Mutant(
        "an operation that creates objects in the wrong order",
        "B",
        "trees",
        (
            (
                "target.yaml",
                "    order: parents_first                   # depth first; dependents wait for their parent's status\n"
                "    parent_failed: failure                 # dependents of a failed node are not tried\n",
                "    order: any\n",
            ),
        ),
    ),
    Mutant(
        "a link to what is on its way out",
        "B",
        "trees",
        (("target.yaml", "busy: [initiate, terminate, nobody]", "busy: [initiate, nobody]"),),
    ),
    Mutant(
        "a link to what a reset has lost",
        "B",
        "trees",
        (
            ("target.yaml", "  marked: [invalid, broken]\n", "  marked: [invalid]\n"),
            ("target.yaml", "  hardware: [has_not, unsure]\n", "  hardware: [unsure]\n"),
        ),
    ),
    Mutant(
        "a roll-up that hides a dependent that was not created",
        "B",
        "trees",
        (
            (
                "target.yaml",
                "{role: new, own: good, dependents: some_bad, status: partial_success}",
                "{role: new, own: good, dependents: some_bad, status: success}",
            ),
        ),
    ),
    Mutant(
        "a roll-up that calls a created object failed",
        "B",
        "trees",
        (
            (
                "target.yaml",
                "{role: new, own: good, dependents: some_bad, status: partial_success}",
                "{role: new, own: good, dependents: some_bad, status: failure}",
            ),
        ),
    ),
]


def mutated(m: Mutant, folder: Path):
    """The target of the changed spec, or what the checker says against it."""
    where = folder / m.name.replace(" ", "_")[:40]
    shutil.copytree(SPEC, where)
    for name, old, new in m.edits:
        path = where / name
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{m.name}: the text to be replaced is not in {name}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    report = Report()
    target, _ = analyse(str(where), report)
    return target, report.text().splitlines()[:1] if not target else []


def tried(m: Mutant, truth, folder: Path) -> tuple[str, list[str]]:
    """What is said of a mutant in the table, and the story that tells of it; empty if none does."""
    target, findings = mutated(m, folder)
    if target is None:
        return f"the checker finds it, choose another: {' '.join(findings)}", []
    claim = "shortest" if m.model in "AB" else None
    runs = verify.verify(target, truth, m.model, 1, promela.QUICK, kinds=m.kind, claim=claim)
    story = next((r.story for r in runs if r.errors), [])
    return (story[-1] if story else "NOT FOUND"), story


def main(names: list[str]) -> int:
    chosen = [m for m in MUTANTS if not names or any(n in m.name for n in names)]
    truth, _ = analyse(str(SPEC), Report())
    began, found = time.monotonic(), 0
    print(f"{'mutant':<57}{'model':<7}what the models say of it")
    with tempfile.TemporaryDirectory(prefix="flue-mutants-") as name, ThreadPoolExecutor(
        os.cpu_count()
    ) as pool:
        results = pool.map(lambda m: tried(m, truth, Path(name)), chosen)
        for m, (says, story) in zip(chosen, results):
            found += bool(story)
            print(f"{m.name:<57}{m.model:<7}{says}", flush=True)
            print("".join(f"    {line}\n" for line in story if names), end="")
    print(f"{found} of {len(chosen)} found, {time.monotonic() - began:.0f} s")
    return 0 if found == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
