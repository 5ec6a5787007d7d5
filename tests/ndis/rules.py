#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Each rule of the mocks bites: for each there is a driver that breaks it, and it is caught.

    rules.py BUILD [NAME...]

BUILD is the file that CMake wrote (config.py). A mutant is one file of the driver with a few words
changed; it is compiled, linked with the rest of the driver, and put under its story.
"""

from __future__ import annotations

import re
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import wine
from config import DRIVER, Build
from mutant import Mutant
from mutants import MUTANTS
from mutants_data import MUTANTS_DATA
from mutants_im import MUTANTS_IM
from mutants_im_data import MUTANTS_IM_DATA
from mutants_im_edge import MUTANTS_IM_EDGE
from mutants_of_spec import MUTANTS_OF_SPEC


OF_BUILD = {
    "flue_chimney.sys": MUTANTS + MUTANTS_DATA,
    "flue_im.sys": MUTANTS_IM + MUTANTS_IM_DATA + MUTANTS_IM_EDGE,
    "flue_chimney_of_spec.sys": MUTANTS_OF_SPEC,
}


def changed(build: Build, mutant: Mutant) -> str:
    path = build.source / mutant.file
    text = (path if path.exists() else DRIVER / mutant.file).read_text(encoding="utf-8")
    for old, new in mutant.edits:
        if text.count(old) != 1:
            raise RuntimeError(f"{mutant.name}: {mutant.file} has {text.count(old)} times: {old}")
        text = text.replace(old, new)
    return text


def made(build: Build, mutant: Mutant, folder: Path) -> Path:
    """Its driver."""
    source, target = folder / mutant.file, folder / "mutant.obj"
    source.write_text(changed(build, mutant), encoding="utf-8")
    build.compile(source, target)
    system = folder / "mutant.sys"
    objects = build.objects(Path(mutant.file).stem, str(target))
    build.link(objects, system, build.values["kernel_library"][0])
    return system


def verdict(build: Build, session: wine.Session, mutant: Mutant, folder: Path) -> str:
    """Why it was not caught as it should be; empty: it was."""
    system = made(build, mutant, folder)
    status, output = build.story(session, system, mutant.story)
    if mutant.rule == "any" and status in (1, 3):
        return ""
    wanted = f"rule {mutant.rule} is broken: " if mutant.rule else "WRONG"
    if status == (3 if mutant.rule else 1) and wanted in output:
        return ""
    return f"exit status {status}, and not '{wanted}':\n{output[-600:]}"


def try_it(build: Build, session: wine.Session, mutant: Mutant) -> str:
    with tempfile.TemporaryDirectory(prefix="flue-ndis-") as folder:
        return verdict(build, session, mutant, Path(folder))


def without_a_mutant() -> list[str]:
    """Rules of the mocks that nobody breaks here; pe.py breaks those of the file, checked.py the rest."""
    here = Path(__file__).resolve().parent
    text = "".join(path.read_text(encoding="utf-8") for path in here.glob("mock/*.c"))
    rules = set(re.findall(r'mock_broken\("(\w+)"', text))
    return sorted(
        rules
        - {mutant.rule for mutants in OF_BUILD.values() for mutant in mutants}
        - {"image", "registry", "bugcheck"}
    )


def main() -> int:
    if wine.missing():
        print(f"skipped: {wine.missing()}")
        return 77
    build, names = Build(sys.argv[1]), sys.argv[2:]
    mutants = OF_BUILD[build.system.name]
    chosen = [m for m in mutants if not names or m.name in names]
    with wine.Session() as session, ThreadPoolExecutor(2) as pool:
        verdicts = list(pool.map(lambda m: try_it(build, session, m), chosen))
    for mutant, why in zip(chosen, verdicts):
        print(f"{mutant.name:<24} {mutant.rule or 'the story':<12} {why or 'caught'}")
    caught = sum(not why for why in verdicts)
    print(f"{caught} of {len(chosen)} are caught")
    if without_a_mutant():
        print(f"no driver breaks: {', '.join(without_a_mutant())}")
    return caught != len(chosen) or not chosen or bool(without_a_mutant())


if __name__ == "__main__":
    sys.exit(main())
