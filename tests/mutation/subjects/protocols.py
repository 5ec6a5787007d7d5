# SPDX-License-Identifier: BSD-2-Clause
"""The runtime's protocols as models C, D and E have them, and A and B what is handed over; changed is
the generated Promela."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path

from flue.backends.promela import catalogue, spin
from flue.compiler import analyse
from flue.diagnostics import Report

from mutation.layers import models
from mutation.located import ROOT


class MutatedProtocol:
    def __init__(self, found: list[catalogue.Model], folder: Path):
        self.models, self.folder = found, folder
        catalogue.write(found, str(folder))

    def runs(self, letter: str) -> list[spin.Run]:
        place, source = str(self.folder / "search"), str(self.folder)
        found = [m for m in self.models if m.letter == letter]
        claim = "shortest" if letter in "AB" else "safety"
        return [spin.search(m, claim, f"{place}_{m.name}", source) for m in found]


class Protocols:
    title = "mutant of a protocol"
    layers = models.OF_PROTOCOLS

    def __init__(self, options):
        self.options = options

    @cached_property
    def models(self) -> dict[str, catalogue.Model]:
        works, _ = analyse(str(ROOT / "tests/transfers/spec"), Report())
        found = catalogue.protocols(catalogue.QUICK)
        found += catalogue.transfers(works, works, catalogue.QUICK)
        found.append(catalogue.tree_transfers(works, works))
        return {f"{m.name}.pml": m for m in found}

    def original(self, file: str) -> str | None:
        return self.models[file].text if file in self.models else None

    def made(self, mutant, texts, folder) -> MutatedProtocol:
        del mutant
        return MutatedProtocol(
            [replace(self.models[file], text=text) for file, text in texts.items()], folder
        )
