# SPDX-License-Identifier: BSD-2-Clause
"""Second opinions stand apart from what they judge, and the check of it finds what it is made for."""

from pathlib import Path

import pytest
from apart import imports, left_open, shared_in_c

TESTS = Path(__file__).resolve().parents[1]
# They judge the compiler: the language's reference and the steps of chimney, read a second time.
# (campaign.py and the tests ask both and compare.)
SECOND_READINGS = [
    p
    for p in sorted(TESTS.glob("reading/*.py"))
    if p.name != "campaign.py" and p.stem[:5] != "test_"
]
SECOND_READINGS.append(TESTS / "chimney/steps.py")

SOURCE = """\
#include <string.h>

#include "chimney.h"
#include "own.h"
#include "prng.h"
/* flue_poll(), in
   words alone */
static struct chimney_node *node(uint8_t kind)
{
    return kind == CHIMNEY_TCP ? memset(0, 0, 0) : 0;
}
"""
LISTING = """\
lib.a[predict.c.o]: predict T 0 1b
lib.a[predict.c.o]: outcome U
lib.a[predict.c.o]: memcpy U
lib.a[outcome.c.o]: outcome T 0 10
"""


def test_the_interface_may_be_used():
    assert shared_in_c("model.c", SOURCE, {"own.h"}) == []
    assert left_open(LISTING) == []


@pytest.mark.parametrize(
    "line, what",
    [
        ('#include "flue/priv/object.h"', "includes flue/priv/object.h"),
        ('#include "host.h"', "includes host.h"),
        ("uint32_t n = chimney_spec.kind_count;", "uses chimney_spec"),
        ("return flue_name_index(handle);", "uses flue_name_index"),
        ("return FLUE_RESTING;", "uses FLUE_RESTING"),
    ],
)
def test_what_is_more_is_found(line, what):
    assert shared_in_c("model.c", f"{SOURCE}{line}\n", {"own.h"}) == [f"model.c:12: {what}"]


def test_a_call_of_the_runtime_is_found():
    assert left_open(f"{LISTING}lib.a[outcome.c.o]: flue_poll U\n") == [
        "outcome.c: calls flue_poll"
    ]


@pytest.mark.parametrize("path", SECOND_READINGS, ids=lambda path: path.name)
def test_a_second_reading_imports_nothing_of_the_compiler(path):
    assert "flue" not in imports(path.read_text(encoding="utf-8"))


def test_imports_are_found_wherever_they_stand():
    text = "import flue.model\ndef f():\n    from flue.check import registry\n    import os.path\n"
    assert imports(text) == {"flue", "os"}
