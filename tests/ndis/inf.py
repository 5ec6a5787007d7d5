#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""The driver packages' .inf: what Windows' own checker would look at first, and that they fit the drivers.

Every section that is named is there, and named; every string is defined and used; the file that is copied
is the one the service starts; each number that the driver reads can be set, within the range that it believes.
An intermediate driver has two: one service, by the name of the protocol that it registers, and the protocol's
brings the adapter's along. Each of these is asked of a damaged file, too.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import NamedTuple

DRIVERS = Path(__file__).resolve().parents[2] / "drivers"
CLASSES = {
    "Net": "{4d36e972-e325-11ce-bfc1-08002be10318}",
    "NetTrans": "{4d36e975-e325-11ce-bfc1-08002be10318}",
}
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
    "1": 1,
}

Sections = dict[str, list[str]]


class Package(NamedTuple):
    inf: str
    of_class: str
    service: str  # and the name of the file that is copied
    reads: str  # the source that reads numbers of the registry, or nothing
    upper: str
    lower: str


PACKAGES = (
    Package("ndis/flue_chimney.inf", "Net", "flue_chimney", "ndis/config.c", "ndis5", "ethernet"),
    Package("ndis_im/flue_im.inf", "NetTrans", "flue_im", "", "noupper", "ndis5"),
    Package("ndis_im/flue_im_mp.inf", "Net", "flue_im", "ndis_im/adapter.c", "ndis5", "nolower"),
)


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


def wrong_sections(found: Sections, _package: Package) -> list[str]:
    named = named_sections(found) | ENTRY_SECTIONS | ({"controlflags"} & set(found))
    return [f"[{name}] is not there" for name in sorted(named - set(found))] + [
        f"[{name}] is named nowhere" for name in sorted(set(found) - named)
    ]


def wrong_strings(found: Sections, _package: Package) -> list[str]:
    defined = set(values(found.get("strings", [])))
    text = "\n".join(line for name, lines in found.items() if name != "strings" for line in lines)
    used = {name.lower() for name in re.findall(r"%([A-Za-z]\w*)%", text)}
    return [f"%{name}% is not defined or not used" for name in sorted(used ^ defined)]


def wrong_version(found: Sections, package: Package) -> list[str]:
    version = values(found.get("version", []))
    wanted = {
        "signature": '"$Windows NT$"',
        "class": package.of_class,
        "classguid": CLASSES[package.of_class],
        "catalogfile": f"{package.service}.cat",
    }
    out = [f"{key} is not {value}" for key, value in wanted.items() if version.get(key) != value]
    if not re.fullmatch(r"\d\d/\d\d/\d{4},\d+\.\d+\.\d+\.\d+", version.get("driverver", "")):
        out.append("DriverVer is no date and version")
    return out


def wrong_files(found: Sections, package: Package) -> list[str]:
    copied = {line.split(",")[0].strip().lower() for line in found.get("files", [])}
    on_disk = set(values(found.get("sourcedisksfiles", [])))
    service = values(found.get("service", []))
    binary = service.get("servicebinary", "").lower()
    out = [f"{name} is not on the disk" for name in sorted(copied - on_disk)]
    if {binary} != {f"%12%\\{name}" for name in copied} or copied != {f"{package.service}.sys"}:
        out.append(f"the service starts {binary}, copied are {', '.join(copied)}")
    if (service.get("servicetype"), service.get("starttype")) != ("1", "3"):
        out.append("the service is no driver that is started on demand")
    return out


def wrong_edges(found: Sections, package: Package) -> list[str]:
    """The service's name at each place, and what may be bound above and below."""
    install = values(found.get("install.services", [])).get("addservice", "").split(",")[0]
    keys = dict(line.rsplit(",", 2)[0::2] for line in found.get("registry", []))
    wanted = {
        "HKR,Ndi,Service": package.service,
        "HKR,Ndi\\Interfaces,UpperRange": package.upper,
        "HKR,Ndi\\Interfaces,LowerRange": package.lower,
    }
    out = [
        f"{key} is not {value}" for key, value in wanted.items() if keys.get(key) != f'"{value}"'
    ]
    return out + ([f"{install} is installed"] if install != package.service else [])


def read_by_driver(package: Package) -> dict[str, tuple[int, int]]:
    """Each number that the driver reads, and its range."""
    if not package.reads:
        return {}
    text = (DRIVERS / package.reads).read_text(encoding="utf-8")
    calls = re.findall(r'NUMBER\(\s*(?:from,\s*)?u"([*\w]+)",\s*(\d+),\s*([^,]+),', text)
    return {key: (int(least), LIMITS[most.strip()]) for key, least, most in calls}


def wrong_parameters(found: Sections, package: Package) -> list[str]:
    written: dict[str, dict[str, str]] = {}
    for line in found.get("parameters", []):
        _, path, name, _, value = line.split(",", 4)
        key, *below = path.split("\\")[2:]
        if below == ["enum"]:  # each value in a line of its own, the least first
            number = name.strip('"')
            written[key] = {"min": number} | written.get(key, {}) | {"max": number}
        else:
            written.setdefault(key, {})[name] = value.strip('"')
    read = read_by_driver(package)
    out = [f"{key} is read or written, not both" for key in sorted(set(read) ^ set(written))]
    for key in sorted(set(read) & set(written)):
        least, default, most = (
            int(written[key].get(name, "-1")) for name in ("min", "default", "max")
        )
        if (least, most) != read[key] or not least <= default <= most:
            out.append(f"{key} is {default}, from {least} to {most}; the driver takes {read[key]}")
    return out


def wrong_pair(protocol: Sections, registered: str) -> list[str]:
    """NDIS wants a protocol to be registered by its service's name; its .inf brings the adapter's."""
    name = re.search(r'protocol_name\[\] = u"(\w+)"', registered)
    brings = values(protocol.get("install", [])).get("copyinf")
    out = [] if name and name[1] == PACKAGES[1].service else ["the protocol has another name"]
    return out + ([] if brings == Path(PACKAGES[2].inf).name else [f"it brings {brings}"])


CHECKS = (
    wrong_sections,
    wrong_strings,
    wrong_version,
    wrong_files,
    wrong_edges,
    wrong_parameters,
)
DAMAGED = (
    (0, wrong_sections, "[Service]", "[Services]"),
    (0, wrong_sections, "AddReg             = Registry,", "AddReg             = Registri,"),
    (0, wrong_strings, "DisplayName    = %Adapter%", "DisplayName    = %Adaptor%"),
    (0, wrong_version, "Class       = Net", "Class       = NetTrans"),
    (0, wrong_version, "11/27/2026,", "2026-11-27,"),
    (0, wrong_files, "%12%\\flue_chimney.sys", "%12%\\flue.sys"),
    (0, wrong_files, "flue_chimney.sys = 1", "flue_chimney.dll = 1"),
    (0, wrong_parameters, 'params\\NicSeed,max,0,"4294967295"', 'params\\NicSeed,max,0,"9"'),
    (0, wrong_parameters, "params\\Paths,", "params\\Path,"),
    (0, wrong_parameters, 'IPv6\\enum,"1"', 'IPv6\\enum,"2"'),
    (
        0,
        wrong_parameters,
        "params\\*TCPConnectionOffloadIPv4,",
        "params\\TCPConnectionOffloadIPv4,",
    ),
    (1, wrong_version, "{4d36e975", "{4d36e972"),
    (1, wrong_edges, "AddService = flue_im,", "AddService = flueim,"),
    (1, wrong_edges, 'LowerRange,0,"ndis5"', 'LowerRange,0,"ethernet"'),
    (2, wrong_edges, 'Service,0,"flue_im"', 'Service,0,"flue_im_mp"'),
    (2, wrong_parameters, 'params\\Paths,default,0,"256"', 'params\\Paths,default,0,"0"'),
)


def read(package: Package) -> str:
    return (DRIVERS / package.inf).read_text(encoding="ascii")


def wrong_of(package: Package) -> list[str]:
    found = sections(read(package))
    return [
        f"{package.inf}: {check.__name__}: {why}"
        for check in CHECKS
        for why in check(found, package)
    ]


def main() -> int:
    wrong = [why for package in PACKAGES for why in wrong_of(package)]
    registered = (DRIVERS / "ndis_im/lower.c").read_text(encoding="utf-8")
    protocol = read(PACKAGES[1])
    wrong += wrong_pair(sections(protocol), registered)
    for index, check, old, new in DAMAGED:
        text, package = read(PACKAGES[index]), PACKAGES[index]
        if old not in text or not check(sections(text.replace(old, new)), package):
            wrong.append(f"{check.__name__} does not see {new}")
    if len(wrong_pair(sections(protocol.replace("_mp.inf", ".inf")), registered.upper())) != 2:
        wrong.append("wrong_pair does not see another name, or another file")
    print("\n".join(wrong) or f"good: {len(PACKAGES)} files, {len(DAMAGED) + 1} damaged ones seen")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
