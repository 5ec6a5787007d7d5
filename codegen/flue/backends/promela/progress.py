# SPDX-License-Identifier: BSD-2-Clause
"""How searches go, while they run, and what came of them, as a table."""

from __future__ import annotations

import json
import re
import threading
import time

from flue.terminal import CLEAR, fit, redraws

from .spin import DEPTH, MEMORY_MB, Run, Teller

REDRAW = 1.0  # seconds, on a terminal
REPEAT = 60.0  # seconds, elsewhere
_SNAPSHOT = re.compile(r"States=\s*(\S+).*Memory=\s*(\S+)")


class Progress:
    """One line of what is being searched; each result as it comes."""

    def __init__(self, out):
        self.out, self.live = out, redraws(out)
        self.began: dict[int, float] = {}
        self.names: dict[int, str] = {}
        self.far: dict[int, str] = {}
        self.done = 0
        self.lock, self.over = threading.Lock(), threading.Event()
        self.thread = threading.Thread(target=self._repeat, daemon=True)
        self.teller = Teller(self._begins, self._goes_on, self._ends)

    def __enter__(self) -> "Progress":
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.over.set()
        self.thread.join()

    def _begins(self, number: int, model, claim: str) -> None:
        with self.lock:
            self.began[number] = time.monotonic()
            self.names[number] = f"{model.letter} {model.subject.split(',')[0]} ({claim})"

    def _goes_on(self, number: int, printed: str) -> None:
        found = _SNAPSHOT.search(printed)
        if found:
            with self.lock:
                self.far[number] = f"{float(found[1]):.0f} states, {float(found[2]):.0f} MB, "

    def _ends(self, number: int, run: Run, of: int) -> None:
        with self.lock:
            self.began.pop(number)
            self.done += 1
            self._write(f"[{self.done}/{of}] {line(run)}\n")

    def _repeat(self) -> None:
        while not self.over.wait(REDRAW if self.live else REPEAT):
            with self.lock:
                if self.began:
                    running = self._running()
                    self._write(fit(running) if self.live else running + "\n")

    def _running(self) -> str:
        now = time.monotonic()
        return "... " + "; ".join(
            f"{self.names[i]}: {self.far.get(i, '')}{now - began:.0f} s"
            for i, began in self.began.items()
        )

    def _write(self, text: str) -> None:
        self.out.write((CLEAR if self.live else "") + text)
        self.out.flush()


HEAD = f"{'model':<44} {'claim':<9} {'result':<14}{'states':>11} {'steps':>12} {'depth':>7} {'MB':>6} {'s':>6}"


def line(run: Run) -> str:
    return (
        f"{run.model.letter}  {run.model.subject:<41} {run.claim:<9} {run.says:<14}{run.states:>11}"
        f" {run.transitions:>12} {run.depth:>7} {run.megabytes:>6.0f} {run.seconds:>6.1f}"
    )


def show(runs: list[Run], bounds, out) -> None:
    for run in runs:
        if run.story:
            out.write(f"\n{run.model.letter}, {run.model.subject}:\n")
            out.write("".join(f"    {text}\n" for text in run.story))
    out.write(f"\n{HEAD}\n" + "".join(f"{line(run)}\n" for run in runs))
    states, seconds = sum(r.states for r in runs), sum(r.seconds for r in runs)
    good = sum(r.good for r in runs)
    out.write(f"\nbounds: {bounds.words()}\n")
    out.write(
        f"each search has {MEMORY_MB} MB and a depth of {DEPTH} at the most; no state is left out\n"
    )
    out.write(
        f"{good} of {len(runs)} searches are good and complete: {states} states, {seconds:.0f} s\n"
    )
    if any(run.errors for run in runs):
        out.write('what to write against what is WRONG: "What the search finds" in spec/rules.md\n')


def show_json(runs: list[Run], bounds, out) -> None:
    searches = [
        {
            "model": run.model.letter,
            "subject": run.model.subject,
            "claim": run.claim,
            "good": run.good,
            "complete": run.complete,
            "states": run.states,
            "steps": run.transitions,
            "depth": run.depth,
            "megabytes": run.megabytes,
            "seconds": run.seconds,
            "story": run.story,
        }
        for run in runs
    ]
    found = {"good": all(r.good for r in runs), "bounds": bounds.words(), "searches": searches}
    out.write(json.dumps(found, indent=2) + "\n")
