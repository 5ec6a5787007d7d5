# SPDX-License-Identifier: BSD-2-Clause
"""A debug kernel, built from Debian's source package and kept in a cache; nothing is installed.

It is `make allnoconfig` and the options of debug/base.config and debug/NAME.config. Its folder is named by the
version of the package and by the options: what has been built once is not built again.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import debian

FRAGMENTS = Path(__file__).resolve().parent / "debug"
NAMES = sorted(path.stem for path in FRAGMENTS.glob("*.config") if path.stem != "base")
PROGRESS = 200  # lines of make for one of progress


@dataclass(frozen=True)
class Source:
    """Debian's package of sources: linux-source-6.12, of a version."""

    name: str
    version: str


def newest_source(archive: debian.Archive) -> Source:
    found = archive.depends("linux-source", "linux-source-")
    if not found:
        raise debian.Missing("apt knows no linux-source; apt-get update")
    shown = archive.run("apt-cache", "show", "--no-all-versions", found[0])
    version = re.search(r"^Version: (\S+)$", shown, re.M)
    if not version:
        raise debian.Missing(f"apt-cache says no version of {found[0]}")
    return Source(found[0], version[1])


def take_source(cache: Path, archive: debian.Archive, source: Source, more: list[str]) -> Path:
    """Unpacked once for each version: 1.5 GB. `more` goes into CACHE/root, with busybox."""
    folder, stamp = cache / source.name, cache / f"{source.name}.version"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == source.version:
        return folder
    debs, root = cache / "debs", cache / "root"
    shutil.rmtree(debs, ignore_errors=True)
    debs.mkdir()
    archive.download([source.name, *more], debs)
    debian.Archive(cache, "").download(["busybox-static"], debs)
    debian.unpack(debs, root)
    packed = root / f"usr/src/{source.name}.tar.xz"
    print(f"# unpack {packed.name}: 1.5 GB", flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["tar", "-xJf", str(packed), "-C", str(cache)], check=True)
    packed.unlink()
    stamp.write_text(source.version, encoding="utf-8")
    return folder


def fragments(name: str) -> list[Path]:
    return [FRAGMENTS / "base.config", FRAGMENTS / f"{name}.config"]


def options(files: list[Path]) -> dict[str, str]:
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    return dict(re.findall(r"^(CONFIG_\w+)=(.*)$", text, re.M))


def make(source: Path, out: Path, *words: str) -> list[str]:
    compiler = ["CC=ccache gcc"] if shutil.which("ccache") else []
    return ["make", "-C", str(source), f"O={out}", "ARCH=x86_64", *compiler, *words]


def run(command: list[str], log: Path) -> None:
    """Says how far it is; all that it says is in the log."""
    begin, number = time.monotonic(), 0
    with open(log, "a", encoding="utf-8", buffering=1) as to, subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        encoding="utf-8", errors="replace",
    ) as process:  # fmt: skip
        for number, line in enumerate(process.stdout or (), 1):
            to.write(line)
            if number % PROGRESS == 0:
                minutes = (time.monotonic() - begin) / 60
                print(f"# {number} files, {minutes:.0f} minutes", flush=True)
    if process.returncode:
        end = "".join(log.read_text(encoding="utf-8").splitlines(keepends=True)[-20:])
        raise SystemExit(f"{end}{' '.join(command)}: failed; its log is {log}")


def configure(source: Path, out: Path, name: str, log: Path) -> None:
    """What was asked for and is not there is an error: an option that needs another one."""
    wanted = options(fragments(name))
    asked = out / "asked.config"
    asked.write_text("".join(f"{key}={value}\n" for key, value in wanted.items()), "utf-8")
    run(make(source, out, "allnoconfig", f"KCONFIG_ALLCONFIG={asked}"), log)
    have = options([out / ".config"])
    lost = [f"{key}={value}" for key, value in wanted.items() if have.get(key, "n") != value]
    if lost:
        raise SystemExit(f"{name}.config: not taken by {source.name}: {' '.join(lost)}")


def build(source: Path, out: Path, name: str, jobs: int) -> None:
    stamp, log = out / "flue.built", out / "flue.log"
    if stamp.exists():
        print(f"# {out.name}: built {stamp.read_text(encoding='utf-8')}", flush=True)
        return
    print(f"# build {out.name}: some 1,000 files; log: {log}", flush=True)
    out.mkdir(exist_ok=True)
    begin = time.monotonic()
    configure(source, out, name, log)
    run(make(source, out, f"-j{jobs}", "bzImage", "modules"), log)
    symbols = out / "Module.symvers"
    if not symbols.exists():  # it has no modules
        shutil.copy(out / "vmlinux.symvers", symbols)
    minutes = (time.monotonic() - begin) / 60
    stamp.write_text(f"{time.strftime('%Y-%m-%d')}, {minutes:.0f} minutes", encoding="utf-8")


def fetch(cache: Path, suite: str, more: list[str], name: str, jobs: int) -> debian.Kernel:
    cache.mkdir(parents=True, exist_ok=True)
    archive = debian.Archive(cache, suite)
    package = newest_source(archive)
    source = take_source(cache, archive, package, more)
    text = package.version + str(sorted(options(fragments(name)).items()))
    out = cache / f"{name}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"
    build(source, out, name, jobs)
    release = (out / "include/config/kernel.release").read_text(encoding="utf-8").strip()
    return debian.Kernel(release, out / "arch/x86/boot/bzImage", out, cache / "root")
