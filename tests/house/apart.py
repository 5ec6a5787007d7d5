# SPDX-License-Identifier: BSD-2-Clause
"""What gives a second opinion shares nothing with what it judges but the interface.

    apart.py --nm nm --library libmodel.a tests/model

Of C sources: the headers they include are their own, C's, the tests' generator of chance and the
target's interface; of the interface they use structures and numbers, and no function, not even an
inline one, and no table. Of the library: nothing is left open but C's own functions. Prints a line
for each thing shared, exit status 1 if there are any.
"""

import argparse
import ast
import re
import subprocess
import sys
from pathlib import Path

INTERFACE = {"chimney.h", "prng.h"}
OPEN = {"memcmp", "memcpy", "memmove", "memset", "_GLOBAL_OFFSET_TABLE_", "__stack_chk_fail"}


def without_comments(text: str) -> str:
    return re.sub(r"/\*.*?\*/", lambda found: "\n" * found[0].count("\n"), text, flags=re.S)


def shared_in_c(name: str, text: str, own: set[str]) -> list[str]:
    """What a source takes of others that is more than the interface."""
    out = []
    for number, line in enumerate(without_comments(text).splitlines(), 1):
        include = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if include and include[1] not in INTERFACE | own:
            out.append(f"{name}:{number}: includes {include[1]}")
        elif not include:
            names = re.findall(r"\b(?<!struct )(?<!enum )(?:flue|chimney)_\w+|\bFLUE_\w+", line)
            out += [f"{name}:{number}: uses {word}" for word in names]
    return out


def left_open(listing: str) -> list[str]:
    """From `nm -P -A`: names that no object of the library has, and that are not C's."""
    symbols = re.findall(r"\[([\w.]+?)\.(?:o|obj)\]: (\S+) (\w)", listing)
    home = {name for _, name, kind in symbols if kind not in "Uw"}
    return [
        f"{file}: calls {name}"
        for file, name, kind in symbols
        if kind == "U" and name not in home | OPEN
    ]


def imports(text: str) -> set[str]:
    """The packages that a Python source names, wherever in it."""
    out = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            out |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            out.add(node.module.split(".")[0])
    return out


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nm", default="nm")
    parser.add_argument("--library", required=True)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    sources = sorted(options.folder.glob("*.[ch]"))
    own = {path.name for path in sources}
    command = [options.nm, "-P", "-A", options.library]
    listing = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if not own or " T " not in listing:
        sys.exit(f"nothing found in {options.library}; this check would prove nothing")
    findings = left_open(listing)
    for path in sources:
        findings += shared_in_c(path.name, path.read_text(encoding="utf-8"), own)
    print("\n".join(findings) or f"{len(sources)} sources share nothing but the interface")
    return bool(findings)


if __name__ == "__main__":
    sys.exit(main())
