# SPDX-License-Identifier: BSD-2-Clause
"""What QEMU boots: the kernel out of its package, and an initial file system that is all there is."""

from __future__ import annotations

import gzip
import lzma
import re
import subprocess
import zlib
from pathlib import Path

MODULES = (
    "xfrm_user esp4 esp4_offload esp6 esp6_offload gcm seqiv ctr ghash_generic drbg sha512_generic hmac"
    " sch_ingress cls_flower act_gact act_mirred act_police act_pedit act_vlan"
).split()
DEVICE, FOLDER, PROGRAM, FILE = 0o020600, 0o040755, 0o100755, 0o100644


def vmlinux(image: Path) -> bytes:
    """The ELF file inside, which QEMU enters directly; the packed one, where it is packed by a tool that
    Python has not."""
    text = image.read_bytes()
    begin = (text[0x1F1] or 4) * 512 + 512 + int.from_bytes(text[0x248:0x24C], "little")
    packed = text[begin : begin + int.from_bytes(text[0x24C:0x250], "little")]
    if packed.startswith(b"\xfd7zXZ"):
        return lzma.LZMADecompressor().decompress(packed)
    if packed.startswith(b"\x1f\x8b"):
        return gzip.zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(packed)
    return text


def module_files(root: Path, version: str) -> dict[str, Path]:
    """Packages have /lib in /usr since Debian 13."""
    found = [
        p for lib in ("lib", "usr/lib") for p in (root / lib / "modules" / version).rglob("*.ko*")
    ]
    return {path.name.partition(".")[0].replace("-", "_"): path for path in found}


def read_module(path: Path) -> bytes:
    text = path.read_bytes()
    return lzma.decompress(text) if path.suffix == ".xz" else text


def needed(root: Path, version: str) -> list[tuple[str, bytes]]:
    """The modules with all that they depend on, in the order of loading. What is no module is built in."""
    files, out = module_files(root, version), {}

    def take(name: str) -> None:
        if name in out or name not in files:
            return
        text = read_module(files[name])
        depends = re.search(rb"\0depends=([^\0]*)\0", b"\0" + text)
        for other in (depends[1].decode() if depends else "").split(","):
            take(other.replace("-", "_"))
        out[name] = text

    for name in MODULES:
        take(name)
    return list(out.items())


def libraries(program: Path) -> list[Path]:
    listing = subprocess.run(
        ["ldd", str(program)], capture_output=True, text=True, check=True
    ).stdout
    return [Path(path) for path in re.findall(r"(/\S+) \(0x", listing)]


def find_program(root: Path, name: str) -> Path:
    """The kernel's own, where it was unpacked: what is new in a kernel is new in it. Else this machine's."""
    folders = ("usr/sbin", "sbin", "usr/bin", "bin")
    places = [base / folder / name for base in (root, Path("/")) for folder in folders]
    return next(path for path in places if path.exists())


class Archive:
    """cpio, as the kernel unpacks it; no device needs root to be made in it."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.folders: set[str] = set()

    def add(
        self, name: str, mode: int, text: bytes = b"", device: tuple[int, int] = (0, 0)
    ) -> None:
        number = len(self.parts) + 1
        fields = (number, mode, 0, 0, 1, 0, len(text), 0, 0, *device, len(name) + 1, 0)
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
        self.parts.append(head + b"\0" * (-len(head) % 4) + text + b"\0" * (-len(text) % 4))

    def folder(self, name: str) -> None:
        if name and name not in self.folders:
            self.folder(name.rpartition("/")[0])
            self.folders.add(name)
            self.add(name, FOLDER)

    def file(self, name: str, text: bytes, mode: int = FILE) -> None:
        self.folder(name.rpartition("/")[0])
        self.add(name, mode, text)

    def write(self, to: Path) -> None:
        self.add("TRAILER!!!", 0)
        to.write_bytes(b"".join(self.parts))


def build(to: Path, root: Path, version: str, files: dict[str, Path]) -> None:
    """`files`: by their names in the guest; those that can be executed are, there too."""
    archive = Archive()
    for name in ("proc", "sys", "tmp", "run", "var", "etc", "dev"):
        archive.folder(name)
    archive.add("dev/console", DEVICE, device=(5, 1))
    archive.file("bin/busybox", find_program(root, "busybox").read_bytes(), PROGRAM)
    programs = {name: find_program(root, name) for name in ("ip", "tc", "chrt")}
    for name, program in programs.items():
        archive.file(f"sbin/{name}", program.read_bytes(), PROGRAM)
    for library in sorted({path for p in programs.values() for path in libraries(p)}):
        archive.file(str(library)[1:], library.read_bytes(), PROGRAM)
    modules = needed(root, version)
    for name, text in modules:
        archive.file(f"modules/{name}.ko", text)
    archive.file("modules/list", "".join(f"{name}\n" for name, _ in modules).encode())
    for name, path in files.items():
        archive.file(name, path.read_bytes(), PROGRAM if path.stat().st_mode & 0o100 else FILE)
    archive.write(to)
