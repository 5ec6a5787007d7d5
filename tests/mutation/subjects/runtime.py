# SPDX-License-Identifier: BSD-2-Clause
"""The runtime, drivers/linux, and generated code of chimney and of tests/links, compiled once more by a build tree's own commands."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from mutation.layers import (
    carries,
    differential,
    flush,
    fuzz,
    histories,
    keys,
    links,
    linux,
    lives,
    oracle,
    pairs,
    suite,
    threads,
    together,
    transfers,
    verbs,
)
from mutation.layers import runtime as unit_tests
from mutation.located import ROOT
from mutation.subjects.rebuild import GENERATED, Copy, Tree


class Runtime:
    title = "mutant of the runtime or of generated code"
    layers = (
        tuple(
            x.LAYER
            for x in (
                suite,
                unit_tests,
                oracle,
                histories,
                differential,
                carries,
                keys,
                pairs,
                verbs,
                links,
                flush,
                together,
                transfers,
                fuzz,
                threads,
                lives,
            )
        )
        + linux.LAYERS
    )

    def __init__(self, options):
        self.options = options

    @cached_property
    def tree(self) -> Tree:
        return Tree(self.options.build)

    def original(self, file: str) -> str | None:
        folder, _, rest = file.partition("/")
        folders = {name: Tree.generated_in(self.options.build, name) for name in GENERATED}
        folders |= {"runtime": ROOT / "runtime", "drivers": ROOT / "drivers"}
        path = folders.get(folder, Path()) / rest
        return path.read_text(encoding="utf-8") if folder in folders and path.is_file() else None

    def made(self, mutant, texts, folder) -> Copy:
        copy = Copy(self.tree, folder)
        copy.mutant, copy.options = mutant, self.options
        for file, text in texts.items():
            copy.place(file).write_text(text, encoding="utf-8")
        copy.changed([copy.place(file) for file in texts])
        return copy
