# SPDX-License-Identifier: BSD-2-Clause
"""Debian's kernel and what builds a module for it, downloaded and unpacked into a folder; nothing is installed.

The version is the one that linux-image-cloud-amd64 depends on, since older ones vanish from the archive.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path


class Missing(Exception):
    """Why there is no kernel to be had here."""


def output(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def release() -> str:
    """6.1.0-56-cloud-amd64, say."""
    if not shutil.which("apt-cache") or not shutil.which("dpkg"):
        raise Missing("this is no Debian: neither apt-cache nor dpkg")
    found = re.search(
        r"Depends: linux-image-(\S+)$",
        output("apt-cache", "depends", "linux-image-cloud-amd64"),
        re.M,
    )
    if not found:
        raise Missing("apt knows no linux-image-cloud-amd64; apt-get update")
    return found[1]


def packages(version: str) -> list[str]:
    common = version.removesuffix("-cloud-amd64") + "-common"
    kbuild = ".".join(version.split(".")[:2])
    return [f"linux-image-{version}", f"linux-headers-{version}", f"linux-headers-{common}",
            f"linux-kbuild-{kbuild}", "busybox-static"]  # fmt: skip


def download(names: list[str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        print(f"# download {name}", flush=True)
        done = subprocess.run(
            ["apt-get", "download", "-q", name],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Missing(f"apt-get download {name}: {done.stderr.strip().splitlines()[-1:]}")


def mend_paths(root: Path, version: str) -> None:
    """The headers' Makefile names its other half by its place in an installed system."""
    makefile = root / f"usr/src/linux-headers-{version}/Makefile"
    text = makefile.read_text(encoding="utf-8")
    makefile.write_text(text.replace(" /usr/src/", f" {root}/usr/src/"), encoding="utf-8")


def unpack(folder: Path, root: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for package in sorted(folder.glob("*.deb")):
        print(f"# unpack {package.name.partition('_')[0]}", flush=True)
        subprocess.run(["dpkg", "-x", str(package), str(root)], check=True)


def fetch(cache: Path) -> str:
    """Once for each version: `cache`/root is the tree, `cache`/headers what modules are built against."""
    version, stamp = release(), cache / "stamp"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == version:
        return version
    shutil.rmtree(cache / "debs", ignore_errors=True)
    download(packages(version), cache / "debs")
    root = cache.absolute() / "root"
    unpack(cache / "debs", root)
    mend_paths(root, version)
    (cache / "headers").unlink(missing_ok=True)
    (cache / "headers").symlink_to(root / f"usr/src/linux-headers-{version}")
    stamp.write_text(version, encoding="utf-8")
    return version
