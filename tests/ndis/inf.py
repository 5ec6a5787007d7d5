#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The driver package's .inf: what Windows' own checker would look at first, and that it fits the driver.

Every section that is named is there, and named; every string is defined and used; the file that is copied
is the one the service starts; each number that config.c reads can be set, within the range that it believes.
Each of these is asked of a damaged file, too.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

DRIVER = Path(__file__).resolve().parents[2] / "drivers/ndis"
NET = "{4d36e972-e325-11ce-bfc1-08002be10318}"
ENTRY_SECTIONS = {
    "version",
    "manufacturer",
    "destinationdirs",
    "sourcedisksnames",
    "sourcedisksfiles",
    "strings",
}
LIMITS = {
    "MOST_OBJECTS": 1 << 20,
    "MOST_RING": 1 << 12,
    "UINT32_MAX": (1 << 32) - 1,
    "1u << 16": 1 << 16,
}

Sections = dict[str, list[str]]


def sections(text: str) -> Sections:
    out: Sections = {}
    for line in (line.split(";")[0].strip() for line in text.splitlines()):
        if line.startswith("["):
            out.setdefault(line[1:-1].lower(), [])
        elif line:
            list(out.values())[-1].append(line)
    return out


def values(lines: list[str]) -> dict[str, str]:
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {key.strip().lower(): value.strip() for key, value in pairs}


def named_sections(found: Sections) -> set[str]:
    """Those that directives lead to."""
    out = set()
    for value in values(found.get("manufacturer", [])).values():
        models, *targets = [part.strip().lower() for part in value.split(",")]
        out |= {f"{models}.{target}" for target in targets}
    for models in list(out):
        for value in values(found.get(models, [])).values():
            install = value.split(",")[0].strip().lower()
            out |= {install, f"{install}.services"}
    for name in [name for name in out if name in found]:
        for key, value in values(found[name]).items():
            if key in ("addreg", "copyfiles"):
                out |= {part.strip().lower() for part in value.split(",")}
            if key == "addservice":
                out.add(value.split(",")[2].strip().lower())
    return out


def wrong_sections(found: Sections) -> list[str]:
    named = named_sections(found) | ENTRY_SECTIONS
    return [f"[{name}] is not there" for name in sorted(named - set(found))] + [
        f"[{name}] is named nowhere" for name in sorted(set(found) - named)
    ]


def wrong_strings(found: Sections) -> list[str]:
    defined = set(values(found.get("strings", [])))
    text = "\n".join(line for name, lines in found.items() if name != "strings" for line in lines)
    used = {name.lower() for name in re.findall(r"%([A-Za-z]\w*)%", text)}
    return [f"%{name}% is not defined or not used" for name in sorted(used ^ defined)]


def wrong_version(found: Sections) -> list[str]:
    version = values(found.get("version", []))
    wanted = {
        "signature": '"$Windows NT$"',
        "class": "Net",
        "classguid": NET,
        "catalogfile": "flue_chimney.cat",
    }
    out = [f"{key} is not {value}" for key, value in wanted.items() if version.get(key) != value]
    if not re.fullmatch(r"\d\d/\d\d/\d{4},\d+\.\d+\.\d+\.\d+", version.get("driverver", "")):
        out.append("DriverVer is no date and version")
    return out


def wrong_files(found: Sections) -> list[str]:
    copied = {line.split(",")[0].strip().lower() for line in found.get("files", [])}
    on_disk = set(values(found.get("sourcedisksfiles", [])))
    service = values(found.get("service", []))
    binary = service.get("servicebinary", "").lower()
    out = [f"{name} is not on the disk" for name in sorted(copied - on_disk)]
    if binary not in {f"%12%\\{name}" for name in copied}:
        out.append(f"the service starts {binary}, which is not copied")
    if (service.get("servicetype"), service.get("starttype")) != ("1", "3"):
        out.append("the service is no driver that is started on demand")
    return out


def read_by_driver() -> dict[str, tuple[int, int]]:
    """Each number that config.c reads, and its range."""
    text = (DRIVER / "config.c").read_text(encoding="utf-8")
    calls = re.findall(r'NUMBER\(\s*from,\s*u"(\w+)",\s*(\d+),\s*([^,]+),', text)
    return {key: (int(least), LIMITS[most.strip()]) for key, least, most in calls}


def wrong_parameters(found: Sections) -> list[str]:
    lines = found.get("parameters", [])
    told: dict[str, dict[str, str]] = {}
    for line in lines:
        _, path, name, _, value = line.split(",", 4)
        told.setdefault(path.rsplit("\\", 1)[1], {})[name] = value.strip('"')
    read = read_by_driver()
    out = [f"{key} is read or told, not both" for key in sorted(set(read) ^ set(told))]
    for key in sorted(set(read) & set(told)):
        least, default, most = (
            int(told[key].get(name, "-1")) for name in ("min", "default", "max")
        )
        if (least, most) != read[key] or not least <= default <= most:
            out.append(f"{key} is {default}, from {least} to {most}; the driver takes {read[key]}")
    return out


CHECKS = (wrong_sections, wrong_strings, wrong_version, wrong_files, wrong_parameters)
DAMAGED = (
    (wrong_sections, "[Service]", "[Services]"),
    (wrong_sections, "AddReg             = Registry,", "AddReg             = Registri,"),
    (wrong_strings, "DisplayName    = %Adapter%", "DisplayName    = %Adaptor%"),
    (wrong_version, "Class       = Net", "Class       = NetTrans"),
    (wrong_version, "11/27/2026,", "2026-11-27,"),
    (wrong_files, "%12%\\flue_chimney.sys", "%12%\\flue.sys"),
    (wrong_files, "flue_chimney.sys = 1", "flue_chimney.dll = 1"),
    (wrong_parameters, 'params\\NicSeed,max,0,"4294967295"', 'params\\NicSeed,max,0,"9"'),
    (wrong_parameters, "params\\Paths,", "params\\Path,"),
)


def main() -> int:
    text = (DRIVER / "flue_chimney.inf").read_text(encoding="ascii")
    wrong = [f"{check.__name__}: {why}" for check in CHECKS for why in check(sections(text))]
    for check, old, new in DAMAGED:
        if old not in text or not check(sections(text.replace(old, new))):
            wrong.append(f"{check.__name__} does not see {new}")
    print("\n".join(wrong) or f"good: {len(CHECKS)} checks, {len(DAMAGED)} damaged files seen")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
