# SPDX-License-Identifier: BSD-2-Clause
"""One mutant: made on a copy, shown to the layers, judged."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from flue.backends.promela.spin import VerifyError

from mutation.edits import DoesNotApply, mutated
from mutation.layers import ALWAYS, APART, Layer, Said
from mutation.results import Row
from mutation.subjects import Subject
from mutation.table import Mutant


def concerns(layer: Layer, mutant: Mutant) -> bool:
    return layer.name in mutant.found_by or layer.name in mutant.also


def asked(
    subject: Subject, mutant: Mutant, only: str, skipped: dict[str, str], due: bool = False
) -> list[Layer]:
    """The layers that are shown a mutant; with `only` none but this one, with `due` none but those
    that must find it. What nobody may find is shown to all in any case."""
    if only:
        chosen = [x for x in subject.layers if x.name == only]
    else:
        chosen = [x for x in subject.layers if x.when != APART]
    chosen = [x for x in chosen if x.name not in skipped]
    if due and mutant.found_by:
        return [x for x in chosen if x.name in mutant.found_by]
    return [x for x in chosen if (x.when == ALWAYS and not only) or concerns(x, mutant)]


def applies(subject: Subject, mutant: Mutant) -> Row:
    """Whether its edits fit the sources as they are."""
    try:
        mutated(mutant, subject.original)
    except DoesNotApply as error:
        return Row(mutant.name, [], [], str(error), broken=True)
    return Row(mutant.name, [], [], "applies")


def tried(subject: Subject, mutant: Mutant, layers: list[Layer]) -> Row:
    due = [x.name for x in layers if x.name in mutant.found_by]
    with tempfile.TemporaryDirectory(prefix="flue-mutant-") as name:
        try:
            texts = mutated(mutant, subject.original)
        except DoesNotApply as error:
            return Row(mutant.name, due, [], str(error), broken=True)
        try:
            made = subject.made(mutant, texts, Path(name))
            said = {x.name: x.ask(made) for x in layers}
        except (RuntimeError, subprocess.SubprocessError, VerifyError) as error:
            text = f"{mutant.where}: cannot be tried: {str(error).strip()}"
            return Row(mutant.name, due, [], text, broken=True)
    return judged(mutant, due, said)


def judged(mutant: Mutant, due: list[str], said: dict[str, Said]) -> Row:
    found = [layer for layer, what in said.items() if what.found]
    told = next((x for x in due if x in found), found[0] if found else "")
    told = told or next((x for x in due if said[x].says), "")
    story = tuple(line for what in said.values() for line in what.story)
    return Row(mutant.name, due, found, said[told].says if told else "", story=story)
