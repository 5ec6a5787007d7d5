# SPDX-License-Identifier: BSD-2-Clause
"""Lives as the recorder writes them, and the program that SPIN makes of a model to judge them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT / "codegen"), str(HERE)]

from accept_objects import CUT, WHOLE, Reader, acceptance, unpack  # noqa: E402
from accept_slots import SlotReader, acceptance_of_slots  # noqa: E402

from flue.compiler import analyse  # noqa: E402
from flue.diagnostics import Report  # noqa: E402


@dataclass(frozen=True)
class Life:
    words: tuple[str, ...]
    whole: bool = True  # to its end
    count: int = 1  # how often it was seen


def record(program: Path, seeds: int, out: Path) -> tuple[str, str]:
    """Plays so many histories; what the recorder says of them, and what their objects lived."""
    command = [str(program), "--seeds", str(seeds), "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stderr.strip(), out.read_text(encoding="utf-8")


def read_lives(text: str) -> dict[str, list[Life]]:
    """By kind, each with the longest ones last."""
    out: dict[str, list[Life]] = {}
    for line in text.splitlines():
        head, *words = line.split("; ")
        count, kind, how = head.split()
        out.setdefault(kind, []).append(Life(tuple(words), how == "whole", int(count)))
    return {kind: sorted(x, key=lambda l: (len(l.words), l.words)) for kind, x in out.items()}


class Judge:
    """A model that judges, compiled once; `reader` knows its words."""

    def __init__(self, reader, model, folder: Path, cc: str):
        self.reader, self.name = reader, reader.name
        self.folder = folder / self.name
        self.folder.mkdir()
        (self.folder / "model.pml").write_text(model.text, encoding="utf-8")
        self._run("spin", "-a", "model.pml")
        options = ["-O0", "-w", "-DSAFETY", "-DNOREDUCE", "-DMEMLIM=4000"]
        self._run(cc, *options, "-o", "pan", "pan.c", str(HERE / "judge.c"))

    def _run(self, *command: str) -> str:
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, errors="replace", check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def judge(self, lives: list[Life]) -> list[tuple[bool, int]]:
        """Of each: whether it is a run of the model, and how many of its words some run shows."""
        if not lives:
            return []
        lines = [str(len(lives))]
        for life in lives:
            numbers = self.reader.numbers(life.words)
            lines.append(" ".join(map(str, (WHOLE if life.whole else CUT, len(numbers), *numbers))))
        (self.folder / "lives.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        said = self._run("./pan", "-m8000000", "-E")
        if "errors: 0" not in said or "max search depth too small" in said:
            raise RuntimeError(f"the search of {self.name} went wrong: {said}")
        judged = (self.folder / "judged.txt").read_text(encoding="utf-8").splitlines()
        return [(a == "1", int(b)) for a, b in (line.split() for line in judged)]

    def refusal(self, life: Life, seen: int) -> str:
        """A life up to the word that no run of the model shows, and this word."""
        word = "; ".join(life.words[seen:][:1]) or "(the end)"
        return f"{self.name}: {'; '.join(life.words[:seen])}; REFUSED: {word}"

    def coverage(self, lives: list[Life]):
        """What the model can show, how much of it was, and the rest: steps, commands, answers, statuses."""
        if not isinstance(self.reader, Reader):
            return
        seen = {w for life in lives for w in self._shown(life)}
        for what, all_of in self._all().items():
            never = [words for key, words in all_of.items() if key not in seen]
            yield what, len(all_of) - len(never), never

    def _shown(self, life: Life):
        """The words that count for coverage, in the model's numbers; statuses by operation."""
        asked: dict[int, int] = {}
        for number in self.reader.numbers(life.words):
            sort, a, b = unpack(number)
            if sort == 1:
                asked[a] = b
            yield ("status", asked.get(a), b) if sort == 5 else (sort, b if sort == 2 else a, b)

    def _all(self) -> dict[str, dict[tuple, str]]:
        kind = self.reader.kind
        obj, target = kind.obj, kind.view.target
        steps = {(2, a.number, a.number): f"{a.place}: {a.text}" for a in kind.arms}
        answers = {}
        for c in kind.commands:
            for r in (0, 1, *c.results):
                answers[(4, c.bit, r)] = f"{c.name} answered {target.results[r]}"
        statuses = {}
        for o in target.operations:
            for status in self.reader.own_statuses(o):
                key = ("status", kind.view.events[o.name], kind.view.status(status))
                statuses[key] = f"{o.name}: {status}"
        return {f"transitions of {obj.name}": steps, "answers": answers, "statuses": statuses}


def all_judges(folder: Path, cc: str) -> list[Judge]:
    """Model A of each kind of chimney, and model C."""
    target, _ = analyse(str(ROOT / "spec/chimney"), Report())
    found = [Judge(Reader(kind), model, folder, cc) for kind, model in acceptance(target)]
    return [*found, Judge(SlotReader(), acceptance_of_slots(), folder, cc)]
