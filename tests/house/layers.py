# SPDX-License-Identifier: BSD-2-Clause
"""Who calls whom, file by file of a library: in the order that a header gives, or without circles.

    layers.py --nm nm --library libflue.a --order runtime/src/internal.h

The header has a comment `name.c: ...` for each file, the lowest first; a file may call what stands
before it. Without --order any order will do, if there is one. Prints a line for each call that goes
the wrong way, exit status 1 if there are any.
"""

import argparse
import graphlib
import re
import subprocess
import sys
from pathlib import Path

Calls = dict[str, dict[str, set[str]]]  # from file to file: by what names


def calls(listing: str) -> Calls:
    """From `nm -P -A`: lines such as `libflue.a[poll.c.o]: flue_poll T 0 1b`."""
    symbols = re.findall(r"\[([\w.]+?)\.(?:o|obj)\]: (\S+) (\w)", listing)
    home = {name: file for file, name, kind in symbols if kind not in "UtdrbnN"}
    out: Calls = {file: {} for file, _, _ in symbols}
    for file, name, kind in symbols:
        if kind == "U" and home.get(name, file) != file:
            out[file].setdefault(home[name], set()).add(name)
    return out


def order_of(header: str) -> list[str]:
    return re.findall(r"(?:/\*|\.) (\w+\.c)(?=[:; ])", header)


def upward(found: Calls, order: list[str]) -> list[str]:
    out = [f"{file} has no place in the order" for file in sorted(found) if file not in order]
    place = {file: number for number, file in enumerate(order)}
    for file in order:
        for other, names in found.get(file, {}).items():
            if place.get(other, -1) > place[file]:
                out.append(f"{file} calls {', '.join(sorted(names))} of {other}, which is above it")
    return out


def circles(found: Calls) -> list[str]:
    try:
        graphlib.TopologicalSorter({file: set(to) for file, to in found.items()}).prepare()
    except graphlib.CycleError as error:
        return ["in a circle: " + " <- ".join(error.args[1])]
    return []


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--library", required=True)
    parser.add_argument("--order", type=Path, help="a header that gives it")
    options = parser.parse_args()
    listing = subprocess.run(
        [options.nm, "-P", "-A", options.library], check=True, capture_output=True, text=True
    )
    found = calls(listing.stdout)
    if not any(found.values()):
        sys.exit(f"no calls found in {options.library}; this check would prove nothing")
    header = options.order.read_text(encoding="utf-8") if options.order else None
    findings = upward(found, order_of(header)) if header else circles(found)
    print("\n".join(findings) or f"{len(found)} files, none calls upward")
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main())
