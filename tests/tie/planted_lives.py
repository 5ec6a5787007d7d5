# SPDX-License-Identifier: BSD-2-Clause
"""Lives in a runtime that has a bug on purpose (FLUE_PLANTED in runtime/src): models must refuse some.

Only such bugs as the life of one object shows; the simulation finds all of them by other means.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

from judge import HERE, ROOT, record

SEEDS = 400
PLANTED = {
    0: "none",
    2: "who waited is forgotten",
    3: "a stale cookie is accepted",
    4: "old values are not written back",
    11: "an answer from before a reset is believed",
}
INCLUDES = ("runtime/include", "tests/simulation", "tests/oracle", "tests/support", "drivers/sim")
LIBRARIES = (
    "tests/simulation/libsimulation.a",
    "tests/support/libhost.a",
    "drivers/sim/libsim.a",
    "libchimney.a",
)


def record_planted(cc: str, build: Path, folder: Path, number: int) -> str:
    program = folder / f"record_{number}"
    command = [cc, "-std=c11", "-O1", f"-DFLUE_PLANT={number}", "-D_DEFAULT_SOURCE"]
    command += [f"-I{ROOT / path}" for path in INCLUDES] + [f"-I{build / 'generated/chimney'}"]
    command += [str(HERE / "record.c"), str(HERE / "lives.c")]
    command += sorted(str(path) for path in (ROOT / "runtime/src").glob("*.c"))
    command += [str(build / library) for library in LIBRARIES] + ["-lpthread", "-o", str(program)]
    subprocess.run(command, check=True)
    return record(program, SEEDS, folder / f"lives_{number}")
