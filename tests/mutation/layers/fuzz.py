# SPDX-License-Identifier: BSD-2-Clause
"""The fuzzer, as CTest runs it: the corpus, then as many executions from the same seed."""

from __future__ import annotations

from mutation.layers import MEANT, Layer, Said
from mutation.layers.programs import first, run
from mutation.located import ROOT

PROGRAM = "fuzz_host"


def ask(copy) -> Said:
    program = copy.program(PROGRAM)
    found = copy.folder / "found"
    found.mkdir()
    arguments = ["-runs=3000", "-seed=1", "-timeout=60", "-max_len=600", "-len_control=0"]
    corpus = str(ROOT / "tests/fuzz/corpus/host")
    asan = "malloc_context_size=8:quarantine_size_mb=16"
    command = [str(program), *arguments, str(found), corpus]
    status, text = run(command, copy.folder, ASAN_OPTIONS=asan)
    if not status:
        return Said(False)
    return Said(True, first(r"^(?:SUMMARY: |\S+[.]c:\d+: )(.*)", text, text.strip()[-80:]))


def missing(subject) -> str:
    return "" if PROGRAM in subject.tree.link else "no clang with libFuzzer"


LAYER = Layer("fuzz", MEANT, ask, missing)
