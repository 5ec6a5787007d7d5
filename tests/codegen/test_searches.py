# SPDX-License-Identifier: BSD-2-Clause
"""Searches by SPIN: what it does not take is said before anything is searched."""

import shutil

import pytest

from flue.backends.promela import spin
from flue.backends.promela.catalogue import Model

GOOD = "active proctype p() { skip }"


def model(name: str, text: str) -> Model:
    return Model("C", name, name, text)


@pytest.mark.skipif(not shutil.which("spin"), reason="spin is not installed")
def test_no_search_begins_beside_a_model_that_spin_does_not_take(monkeypatch):
    found = [model("good", GOOD), model("bad", "no model")]
    monkeypatch.setattr(spin, "models", lambda *_: found)
    begun = []
    tell = spin.Teller(begins=lambda number, one, claim: begun.append(one.name))
    with pytest.raises(spin.VerifyError, match="spin does not take bad.pml"):
        spin.verify(None, tell=tell)
    assert begun == []
