# SPDX-License-Identifier: BSD-2-Clause
"""spec/chimney. What the hardware does is taken from the spec as it was, so that a spec that says
something untrue of it is found, too."""

from __future__ import annotations

import shutil
from functools import cached_property
from pathlib import Path

from flue.backends.promela import catalogue, spin
from flue.compiler import analyse
from flue.diagnostics import Report

from mutation.layers import check, models, replay
from mutation.located import ROOT

SPEC = "spec/chimney"


class MutatedSpec:
    """A copy; `target` is None if the checker refuses it, and `findings` says why."""

    def __init__(self, subject: Specs, mutant, folder: Path):
        self.subject, self.mutant, self.folder = subject, mutant, folder
        self.options = subject.options
        report = Report()
        self.target, _ = analyse(str(folder / SPEC), report)
        found = [x for x in report.text().splitlines() if ": error: " in x]
        self.findings = [x.replace(f"{folder / SPEC}/", "") for x in found]
        self._runs: dict[str, list] = {}

    def runs(self, letter: str) -> list[spin.Run]:
        if self.target is None:
            return []
        if letter not in self._runs:
            truth, bounds = self.subject.truth, catalogue.QUICK
            kinds = self.mutant.kind
            self._runs[letter] = spin.verify(
                self.target, truth, letter, 1, bounds, kinds=kinds, claim="shortest"
            )
        return self._runs[letter]


class Specs:
    title = "mutant of a spec"
    layers = (check.LAYER, *models.OF_SPECS, replay.LAYER)

    def __init__(self, options):
        self.options = options

    @cached_property
    def truth(self):
        return analyse(str(ROOT / SPEC), Report())[0]

    def original(self, file: str) -> str | None:
        path = ROOT / file
        here = file.startswith(f"{SPEC}/") and path.is_file()
        return path.read_text(encoding="utf-8") if here else None

    def made(self, mutant, texts, folder) -> MutatedSpec:
        shutil.copytree(ROOT / SPEC, folder / SPEC)
        for file, text in texts.items():
            (folder / file).write_text(text, encoding="utf-8")
        return MutatedSpec(self, mutant, folder)
