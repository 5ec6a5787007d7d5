# SPDX-License-Identifier: BSD-2-Clause
"""The outputs for spec/example, to the letter. FLUE_UPDATE=1 writes them anew; read the diff."""

import os

import pytest
from helpers import Report, load, spec

from flue.backends.c.generate import render

GOLDEN = os.path.join(os.path.dirname(__file__), "golden", "example")


def outputs():
    return render(load(spec("example"), Report()))


@pytest.mark.skipif(os.environ.get("FLUE_UPDATE") != "1", reason="only with FLUE_UPDATE=1")
def test_update():
    os.makedirs(GOLDEN, exist_ok=True)
    for name, text in outputs().items():
        with open(os.path.join(GOLDEN, name), "w", encoding="utf-8") as stream:
            stream.write(text)


def test_outputs_are_as_expected():
    found = outputs()
    assert sorted(os.listdir(GOLDEN)) == sorted(found)
    for name, text in found.items():
        with open(os.path.join(GOLDEN, name), encoding="utf-8") as stream:
            assert text == stream.read(), f"{name}: FLUE_UPDATE=1 if this is meant"
