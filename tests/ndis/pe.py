#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""What Windows would see of a driver before it runs: the file, by its headers.

    pe.py BUILD

BUILD is the file that CMake wrote (config.py). Each fact is asked of files, too, for which it is false: made of the
drivers that have a story.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Callable

import wine
from config import Build

try:
    import pefile
except ImportError:
    print("skipped: there is no pefile (Debian: python3-pefile)")
    sys.exit(77)

AMD64, NATIVE = 0x8664, 1
DYNAMIC_BASE, NX_COMPATIBLE = 0x40, 0x100
EXECUTE, WRITE = 0x20000000, 0x80000000
RELOCATIONS, TLS = 5, 9


def allowed(build: Build) -> set[tuple[str, str]]:
    """The white list: what the .def files of the driver name."""
    out = set()
    for path in build.values["imports"]:
        text = Path(path).read_text(encoding="utf-8")
        library = re.search(r'^LIBRARY "(.*)"$', text, re.M)
        assert library, path
        names = text.split("EXPORTS\n")[1].split()
        out |= {(library[1].lower(), name) for name in names}
    return out


def imports(pe: pefile.PE) -> set[tuple[str, str]]:
    return {
        (entry.dll.decode().lower(), (one.name or b"?").decode())
        for entry in pe.DIRECTORY_ENTRY_IMPORT
        for one in entry.imports
    }


def wrong_imports(pe: pefile.PE, build: Build) -> str:
    more = imports(pe) - allowed(build)
    needed = {name for _, name in imports(pe)}
    lost = [
        f for f in ("NdisMUpdateOffloadComplete", "NdisMRegisterMiniportDriver") if f not in needed
    ]
    return f"imports {sorted(more)}, lacks {lost}" if more or lost else ""


def wrong_relocations(pe: pefile.PE, _: Build) -> str:
    if (
        not pe.OPTIONAL_HEADER.DATA_DIRECTORY[RELOCATIONS].Size
        or pe.FILE_HEADER.Characteristics & 1
    ):
        return "it has no relocations"
    entries = sum(len(block.entries) for block in pe.DIRECTORY_ENTRY_BASERELOC)
    return "" if entries > 100 else f"it has {entries} relocations"


def wrong_checksum(pe: pefile.PE, _: Build) -> str:
    return "" if pe.verify_checksum() else f"checksum {pe.OPTIONAL_HEADER.CheckSum:#x}"


def wrong_sections(pe: pefile.PE, _: Build) -> str:
    both = [
        s.Name for s in pe.sections if s.Characteristics & WRITE and s.Characteristics & EXECUTE
    ]
    return f"writable and executable: {both}" if both else ""


def wrong_kind(pe: pefile.PE, _: Build) -> str:
    header = pe.OPTIONAL_HEADER
    version = header.MajorSubsystemVersion, header.MinorSubsystemVersion
    if (pe.FILE_HEADER.Machine, header.Subsystem, version) != (AMD64, NATIVE, (6, 1)):
        return f"machine {pe.FILE_HEADER.Machine:#x}, subsystem {header.Subsystem} {version}"
    wanted = DYNAMIC_BASE | NX_COMPATIBLE
    if header.DllCharacteristics & wanted != wanted:
        return f"characteristics {header.DllCharacteristics:#x}"
    return "it has thread-local data" if header.DATA_DIRECTORY[TLS].Size else ""


FACTS: dict[str, Callable[[pefile.PE, Build], str]] = {
    "imports": wrong_imports,
    "relocations": wrong_relocations,
    "checksum": wrong_checksum,
    "sections": wrong_sections,
    "kind": wrong_kind,
}


def symbols(build: Build, system: Path) -> dict[str, int]:
    """Offsets in the image, of what it defines."""
    base = pefile.PE(str(system), fast_load=True).OPTIONAL_HEADER.ImageBase
    listing = build.run("x86_64-w64-mingw32-nm", str(system))
    lines = [line.split() for line in listing.splitlines()]
    return {line[2]: int(line[0], 16) - base for line in lines if len(line) == 3}


def wrong_handlers(build: Build, session: wine.Session, system: Path) -> str:
    """The handlers that it registers are the entry points that were generated."""
    _, output = build.story(session, system)
    at = symbols(build, system)
    found = re.findall(r"Miniport(\w+) += flue_\w+\.sys\+([0-9a-f]+)", output)
    bad = [name for name, offset in found if at["chimney_" + name.lower()] != int(offset, 16)]
    operations, transfers = 5, 5 if build.system.name == "flue_chimney.sys" else 0
    good = not bad and len(found) == operations + transfers
    return "" if good else f"{len(found)} handlers, of which are others: {bad}"


def spoiled(build: Build, folder: Path) -> dict[str, Path]:
    """For each fact a file for which it is false."""
    files = {name: folder / f"{name}.sys" for name in FACTS}
    build.link(build.objects(), files["relocations"], "-Wl,--disable-reloc-section")
    build.link(build.objects(), files["kind"], "-Wl,--subsystem,windows:6.1")
    good = pefile.PE(str(build.system))
    good.OPTIONAL_HEADER.CheckSum ^= 1
    good.write(str(files["checksum"]))
    good = pefile.PE(str(build.system))
    good.sections[0].Characteristics |= WRITE
    good.write(str(files["sections"]))
    source, target = folder / "more.c", folder / "more.obj"
    text = "int __declspec(dllimport) KeRaiseIrqlToDpcLevel(void);\n"
    source.write_text(
        text + "int more(void) { return KeRaiseIrqlToDpcLevel(); }\n", encoding="utf-8"
    )
    build.compile(source, target)
    build.link([*build.objects(), str(target)], files["imports"], "-lntoskrnl")
    return files


def between(build: Build, folder: Path) -> Path:
    """A driver whose update handler is a function of its own that only calls the entry point."""
    text = (build.source / "driver.c").read_text(encoding="utf-8")
    function = """
static void between(void *adapter, struct chimney_node *root)
{
    chimney_update(adapter, root);
}
"""
    text = re.sub(r"^(NDIS_HANDLE driver_handle.*;\n)", r"\1" + function, text, flags=re.M)
    text = text.replace("UpdateOffloadHandler = chimney_update", "UpdateOffloadHandler = between")
    (folder / "driver.c").write_text(text, encoding="utf-8")
    build.compile(folder / "driver.c", folder / "driver.obj")
    build.link(build.objects("driver", str(folder / "driver.obj")), folder / "between.sys")
    return folder / "between.sys"


def handlers(build: Build, folder: Path) -> list[str]:
    with wine.Session() as session:
        wrong = [wrong_handlers(build, session, build.system)]
        if "rule image is broken" not in build.story(session, folder / "relocations.sys")[1]:
            wrong.append("relocations: the mock loads a file without")
        if not wrong_handlers(build, session, between(build, folder)):
            wrong.append("handlers: one that stands between is not seen")
    return [why for why in wrong if why]


def main() -> int:
    build = Build(sys.argv[1])
    tells = build.values["story"][0].startswith("story")  # of its handlers; histories do not
    wrong = [why for check in FACTS.values() if (why := check(pefile.PE(str(build.system)), build))]
    with tempfile.TemporaryDirectory(prefix="flue-ndis-") as name:
        folder = Path(name)
        if tells:
            for fact, path in spoiled(build, folder).items():
                if not FACTS[fact](pefile.PE(str(path)), build):
                    wrong.append(f"{fact}: what is spoiled is not seen")
        wrong += handlers(build, folder) if tells and not wine.missing() else []
    seen = [*FACTS, *(["handlers"] if tells and not wine.missing() else [])]
    print("\n".join(wrong) or f"good: {', '.join(seen)}")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
