#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The checked build of a driver: it passes its story, and sees a level that nobody else sees.

    checked.py BUILD

BUILD is the file that CMake wrote (config.py). The mutant calls what the specs allow up to DISPATCH_LEVEL at a
device's level, and is back at its own before it calls NDIS: so only the assertion in the generated code can see it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import wine
from config import DRIVER, Build
from mutant import Mutant
from rules import made

RAISED = """
IMPORT UCHAR KfRaiseIrql(UCHAR level);
IMPORT void KeLowerIrql(UCHAR level);
static bool at_device_level(%s)
{
    const UCHAR before = KfRaiseIrql(5);
    const bool done = %s;
    KeLowerIrql(before);
    return done;
}
"""
EVENT = RAISED % ("struct chimney_target *t, flue_name name", "chimney_reachability_query(t, name)")
ANSWER = RAISED % (
    "struct chimney_target *t, flue_cookie cookie, enum chimney_result result",
    "chimney_done(t, cookie, result)",
)
OF_EVENT = Mutant(
    "an event at a device's level",
    "bugcheck",
    "private.c",
    (
        ('#include "flue_oid.h"\n', '#include "flue_oid.h"\n' + EVENT),
        ("return chimney_reachability_query(", "return at_device_level("),
    ),
)
OF_ANSWER = Mutant(
    "an answer at a device's level",
    "bugcheck",
    "calls.c",
    (
        ('#include "im.h"\n', '#include "im.h"\n' + ANSWER),
        ("        chimney_done(target, ", "        at_device_level(target, "),
    ),
)


def stories(build: Build, session: wine.Session, folder: Path) -> list[str]:
    """What went otherwise than it should."""
    name = build.system.with_name(build.system.stem + "_checked.sys")
    mutant = OF_EVENT if build.source == DRIVER else OF_ANSWER
    plain = made(build, mutant, folder)
    seen_by_nobody = build.story(session, plain)
    build.values["rest"] = build.values["checked"]
    caught = build.story(session, made(build, mutant, folder))
    good = build.story(session, name)
    wrong = [f"the checked build: {good[1][-600:]}"] if good[0] else []
    if seen_by_nobody[0]:
        wrong.append(f"without checks it is seen, too: {seen_by_nobody[1][-600:]}")
    if caught[0] != 3 or "rule bugcheck is broken: d1: " not in caught[1]:
        wrong.append(f"{mutant.name} is not seen: {caught[0]} {caught[1][-600:]}")
    return wrong


def main() -> int:
    if wine.missing():
        print(f"skipped: {wine.missing()}")
        return 77
    build = Build(sys.argv[1])
    with wine.Session() as session, tempfile.TemporaryDirectory(prefix="flue-ndis-") as folder:
        wrong = stories(build, session, Path(folder))
    print("\n".join(wrong) or "good: three stories")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
