# SPDX-License-Identifier: BSD-2-Clause
"""A model's counterexample, played against the C of the mutated spec (tests/tie): it is seen there, and
not in the C of the spec as it was."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Lock

from mutation.layers import MEANT, Layer, Said, models
from mutation.located import ROOT

sys.path.append(str(ROOT / "tests/tie"))

from replay import compile_player, seen  # noqa: E402

_ONE = Lock()
_RIGHT: list[Path] = []  # the program of the spec as it was


def _right(spec) -> Path:
    with _ONE:
        if not _RIGHT:
            truth, folder = spec.subject.truth, Path(spec.options.scratch) / "right"
            _RIGHT.append(compile_player(truth, truth, folder, spec.options))
    return _RIGHT[0]


def ask(spec) -> Said:
    searched = [
        r for x in models.OF_SPECS if x.name in spec.mutant.found_by for r in _runs(spec, x)
    ]
    script = next((r.script for r in searched if r.errors), [])
    if not script:
        return Said(False, "no counterexample")
    program = compile_player(spec.target, spec.subject.truth, spec.folder / "played", spec.options)
    good, says = seen(program, _right(spec), script)
    return Said(good, says.splitlines()[-1] if says else "", (*script, *says.splitlines()))


def _runs(spec, layer: Layer):
    return spec.runs(layer.name[-1])


LAYER = Layer("replay", MEANT, ask, models.missing)
