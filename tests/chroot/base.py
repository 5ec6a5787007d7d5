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


def of_release(text: str, joint: str, name: str, suite: str) -> str:
    """The paragraphs or lines about release `name`, for `suite` instead; all others are dropped."""
    about = re.compile(rf"(?<![\w-]){name}\b")
    parts = [
        part for part in text.split(joint) if not part.lstrip().startswith("#") or "\n" in part
    ]
    return "".join(about.sub(suite, part) + joint for part in parts if about.search(part))


def sources(suite: str, apt: Path = APT, name: str = "") -> str:
    """Debian's own sources of this machine, for another release of it, in one format."""
    files = [apt / "sources.list", *sorted((apt / "sources.list.d").glob("*.*"))]
    for suffix, joint in ((".sources", "\n\n"), (".list", "\n")):
        texts = [p.read_text(encoding="utf-8") for p in files if p.suffix == suffix and p.is_file()]
        found = "".join(of_release(text, joint, name or here(), suite) for text in texts)
        if found:
            return found
    raise Skipped(f"/etc/apt names no source of {name or here()}")


def settings() -> str:
    """How packages are fetched here: proxies, retries, certificates."""
    done = subprocess.run(["apt-config", "dump", "Acquire"], capture_output=True, text=True)
    wanted = re.compile(r'Acquire::(https?::|Retries|ForceIPv)\S* ".+";')
    found = [line for line in done.stdout.splitlines() if wanted.match(line)]
    return "\n".join(['Acquire::Retries "5";', *found, ""])


def mirror(text: str) -> str:
    """The first source that is no partial one; for debootstrap, which takes one only."""
    for part in re.split(r"\n\n|\n(?=deb )", text):
        found = re.search(r"^(?:URIs:|deb(?: \[[^]]*\])?)\s+(\S+)", part, re.MULTILINE)
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
