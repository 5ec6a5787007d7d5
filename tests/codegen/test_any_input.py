# SPDX-License-Identifier: BSD-2-Clause
"""Whatever a spec file holds, the compiler says what is wrong; it never falls over."""

import os
import random

import pytest
from helpers import SHIPPED, diagnose, edited_spec, spec
from damage import damage
from shares import rounds

SEED = int(os.environ.get("FLUE_SEED", "1"))

FILES = [(base, name) for base in SHIPPED for name in sorted(os.listdir(spec(base)))]


def damaged(base: str, file: str, seed: str) -> list:
    with open(os.path.join(spec(base), file), encoding="utf-8") as stream:
        text = stream.read()
    return [(file, "", damage(text, random.Random(seed)))]


@pytest.mark.parametrize("base, file", FILES)
def test_damage_never_ends_in_a_traceback(base, file):
    for i in rounds(seconds=1.2, least=8):
        seed = f"{SEED}/{base}/{file}/{i}"
        try:
            diagnose(damaged(base, file, seed), base)
        except Exception as e:
            raise AssertionError(f"seed {seed}: {e!r}") from e


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "- a: 1", "[" * 5000, "{" * 5000, "a: " * 500, "\ufeff", "&a [*a]"]
)
def test_odd_files_are_reported(text):
    assert "error: " in diagnose([("meter.yaml", "", text)])


def test_a_file_that_is_not_text_is_reported():
    directory = edited_spec([])
    with open(os.path.join(directory, "meter.yaml"), "wb") as stream:
        stream.write(b"object: m\xff\xfe")
    from flue.compiler import load
    from flue.diagnostics import Report

    report = Report()
    assert load(directory, report) is None
    assert "not UTF-8 text: byte 9 is 0xff [yaml-syntax]" in report.text()
