# SPDX-License-Identifier: BSD-2-Clause
"""Debian's packages of a kernel, and of what goes with it, unpacked into a folder; nothing is installed.

A kernel is known by the suite that it is of. That of this Debian is asked for as apt is configured here; another one's
lists are kept in the folder, and apt's own configuration stays as it is. The version is the one that
linux-image-cloud-amd64 depends on, since older ones vanish from the archive.
"""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ARCHIVE = "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian {suite} main\n"


class Missing(Exception):
    """Why there is no kernel to be had here."""


@dataclass(frozen=True)
class Kernel:
    """What is booted, and what modules are built against. `root`: its programs and modules, as if installed."""

    version: str
    image: Path
    headers: Path
    root: Path


class Archive:
    """apt, for one suite. '': as it is configured here; '-backports': that of this release of Debian."""

    def __init__(self, folder: Path, suite: str) -> None:
        if not shutil.which("apt-cache") or not shutil.which("dpkg"):
            raise Missing("this is no Debian: neither apt-cache nor dpkg")
        self.folder, self.options = folder, list[str]()
        if suite:
            self.take_suite(platform.freedesktop_os_release()["VERSION_CODENAME"] + suite)

    def take_suite(self, suite: str) -> None:
        own = self.folder / "apt"
        for name in ("lists/partial", "cache/archives/partial"):
            (own / name).mkdir(parents=True, exist_ok=True)
        (own / "sources.list").write_text(ARCHIVE.format(suite=suite), encoding="utf-8")
        places = {"Etc::sourcelist": own / "sources.list", "Etc::sourceparts": "-",
                  "State::lists": own / "lists", "Cache": own / "cache"}  # fmt: skip
        for key, value in places.items():
            self.options += ["-o", f"Dir::{key}={value}"]
        self.run("apt-get", "update", "-q")

    def run(self, program: str, *arguments: str, cwd: Path | None = None) -> str:
        done = subprocess.run(
            [program, *self.options, *arguments], cwd=cwd, capture_output=True, text=True, check=False
        )  # fmt: skip
        if done.returncode:
            raise Missing(
                f"{program} {' '.join(arguments)}: {done.stderr.strip().splitlines()[-1:]}"
            )
        return done.stdout

    def depends(self, name: str, which: str) -> list[str]:
        """Of the package `name`: those whose names begin like that."""
        return re.findall(rf"Depends: ({which}\S*)$", self.run("apt-cache", "depends", name), re.M)

    def download(self, names: list[str], to: Path) -> None:
        for name in names:
            print(f"# download {name}", flush=True)
            self.run("apt-get", "download", "-q", name, cwd=to)


def unpack(debs: Path, root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for package in sorted(debs.glob("*.deb")):
        print(f"# unpack {package.name.partition('_')[0]}", flush=True)
        subprocess.run(["dpkg", "-x", str(package), str(root)], check=True)


def mend_paths(root: Path, version: str) -> None:
    """The headers' Makefile names its other half by its place in an installed system."""
    makefile = root / f"usr/src/linux-headers-{version}/Makefile"
    text = makefile.read_text(encoding="utf-8")
    makefile.write_text(text.replace(" /usr/src/", f" {root}/usr/src/"), encoding="utf-8")


def download(cache: Path, archive: Archive, version: str, more: list[str]) -> None:
    debs, headers = cache / "debs", f"linux-headers-{version}"
    shutil.rmtree(debs, ignore_errors=True)
    debs.mkdir()
    halves = archive.depends(headers, "linux-headers-") + archive.depends(headers, "linux-kbuild-")
    archive.download([f"linux-image-{version}", headers, *halves, *more], debs)
    Archive(cache, "").download(["busybox-static"], debs)


def fetch(cache: Path, suite: str, more: list[str]) -> Kernel:
    """Once for each version. `cache`/headers is what modules are built against."""
    cache.mkdir(parents=True, exist_ok=True)
    archive = Archive(cache, suite)
    found = archive.depends("linux-image-cloud-amd64", "linux-image-")
    if not found:
        raise Missing("apt knows no linux-image-cloud-amd64; apt-get update")
    version = found[0].removeprefix("linux-image-")
    root, stamp, headers = cache.absolute() / "root", cache / "stamp", cache / "headers"
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != version:
        download(cache, archive, version, more)
        unpack(cache / "debs", root)
        mend_paths(root, version)
        headers.unlink(missing_ok=True)
        headers.symlink_to(root / f"usr/src/linux-headers-{version}")
        stamp.write_text(version, encoding="utf-8")
    return Kernel(version, root / f"boot/vmlinuz-{version}", headers, root)
