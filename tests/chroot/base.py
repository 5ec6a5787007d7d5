# SPDX-License-Identifier: BSD-2-Clause
"""A bare Debian as a tarball, from the package sources that this machine has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

SUITES = ("bookworm", "trixie")
APT = Path("/etc/apt")


class Skipped(Exception):
    """No bare Debian can be had here; the text says why."""


def why_skipped() -> str:
    """What is missing on this machine; nothing if it can be tried."""
    if os.getuid() != 0:
        return "only root may make a chroot"
    if not (shutil.which("mmdebstrap") or shutil.which("debootstrap")):
        return "there is no mmdebstrap and no debootstrap (Debian: mmdebstrap)"
    mounts = ["unshare", "--mount", "--pid", "--fork", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
    if subprocess.run(mounts, capture_output=True).returncode:
        return "root may not mount anything here"
    return ""


def here() -> str:
    """The code name of this machine's Debian."""
    text = Path("/etc/os-release").read_text(encoding="utf-8")
    found = re.search(r"^VERSION_CODENAME=(\w+)", text, re.MULTILINE)
    return found[1] if found else "bookworm"


def of_release(text: str, suite: str) -> str:
    """The paragraphs or lines about this machine's release, for `suite`; those of others are dropped."""
    name = here()
    about = re.compile(rf"(?<![\w-]){name}\b")
    parts = text.split("\n\n") if re.search(r"^URIs:", text, re.MULTILINE) else text.splitlines()
    joint = "\n\n" if len(parts) != len(text.splitlines()) else "\n"
    kept = [about.sub(suite, part) for part in parts if about.search(part)]
    return joint.join(kept) + "\n" if kept else ""


def sources(suite: str) -> str:
    """Debian's own sources of this machine, for another release of it, in one format."""
    files = [APT / "sources.list", *sorted((APT / "sources.list.d").glob("*.*"))]
    found = []
    for path in files:
        if path.suffix in (".list", ".sources") and path.is_file():
            found.append((path.suffix, of_release(path.read_text(encoding="utf-8"), suite)))
    for suffix in (".sources", ".list"):
        text = "\n".join(text for kind, text in found if kind == suffix and text)
        if text:
            return text
    raise Skipped(f"/etc/apt names no source of {here()}")


def settings() -> str:
    """How packages are fetched here: proxies, retries, certificates."""
    done = subprocess.run(["apt-config", "dump", "Acquire"], capture_output=True, text=True)
    wanted = re.compile(r'Acquire::(https?::|Retries|ForceIPv)\S* ".+";')
    return "".join(f"{line}\n" for line in done.stdout.splitlines() if wanted.match(line))


def mirror(text: str) -> str:
    """The first source that is no partial one; for debootstrap, which takes one only."""
    for part in re.split(r"\n\n|\n(?=deb )", text):
        found = re.search(r"(?:URIs:|deb(?: \[[^]]*\])?)\s+(\S+)", part)
        if found and not re.search(r"-security\b", part):
            return found[1]
    raise Skipped("/etc/apt names no source of whole releases")


def make_base(suite: str, scratch: Path, log: Path) -> Path:
    """A tarball of the few packages that every Debian has."""
    listed, aptopt = scratch / f"{suite}.sources", scratch / "apt.conf"
    listed.write_text(sources(suite), encoding="utf-8")
    aptopt.write_text(settings(), encoding="utf-8")
    tar, folder = scratch / f"{suite}.tar", scratch / suite
    if shutil.which("mmdebstrap"):
        commands = [["mmdebstrap", "--variant=minbase", f"--aptopt={aptopt}", suite, tar, listed]]
    else:
        commands = [
            ["debootstrap", "--variant=minbase", suite, folder, mirror(listed.read_text())],
            ["sh", "-c", 'cat "$0" >"$1/etc/apt/apt.conf.d/99flue"', aptopt, folder],
            ["tar", "-C", folder, "-cf", tar, "."],
        ]
    with open(log, "w", encoding="utf-8") as out:
        for command in commands:
            if subprocess.run([*map(str, command)], stdout=out, stderr=out).returncode:
                raise Skipped(f"{command[0]} cannot make it; {log} says why")
    return tar


def unpack(tar: Path, folder: Path) -> None:
    folder.mkdir()
    command = ["tar", "-C", str(folder), "--exclude=./dev/*", "-xf", str(tar)]
    subprocess.run(command, check=True)
    for name in ("resolv.conf", "hosts"):
        if Path("/etc", name).is_file():
            shutil.copy(Path("/etc", name), folder / "etc" / name)
