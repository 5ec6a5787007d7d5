# SPDX-License-Identifier: BSD-2-Clause
"""A trace file, read: head, names, records; of a damaged one as much as there is, and where it is wrong."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from zlib import crc32

from .names import Names, parse

MAGIC = b"\x89flue\r\n\x1a"
ORDER = 0x01020304
VERSION = 1
HEAD = "8sIIIIQQQQQ"
HEAD_BYTES, SUM_AT, RECORD_BYTES, SUM_BYTES = 64, 56, 32, 8
REQUEST, NODE, STEP, COMMAND, ANSWER, UNSENT, STATUS, COMPLETE, PHASE = range(9)
LOST = 255
NO_BYTE = 255


class TraceError(Exception):
    """The file is no trace, or one that cannot be read at all."""


@dataclass(frozen=True)
class Record:
    number: int  # since the recorder was begun
    offset: int
    time: int
    name: int
    detail: int
    request: int
    what: int
    operation: int
    of: int
    result: int


@dataclass
class Trace:
    abi: int
    digest: int
    per_second: int
    first: int  # number of the first record in the file: so many were written over before
    names: Names
    records: list[Record] = field(default_factory=list)
    lost: int = 0  # written over while the file was written
    problems: list[str] = field(default_factory=list)

    def wrong(self, offset: int, text: str) -> None:
        self.problems.append(f"offset {offset}: {text}")


def read(data: bytes) -> Trace:
    if data[: len(MAGIC)] != MAGIC:
        raise TraceError("no trace of flue: it does not begin as one")
    if len(data) < HEAD_BYTES:
        raise TraceError(f"offset {len(data)}: it ends within its head of {HEAD_BYTES} bytes")
    endian = "<" if struct.unpack_from("<I", data, 8)[0] == ORDER else ">"
    head = struct.unpack_from(endian + HEAD, data)
    _, order, version, abi, names_bytes, digest, per_second, first, count, head_sum = head
    if order != ORDER:
        raise TraceError(f"offset 8: {order:#x} tells no byte order")
    if version != VERSION:
        raise TraceError(f"offset 12: format {version}; this command reads format {VERSION}")
    end = HEAD_BYTES + names_bytes
    if end > len(data):
        raise TraceError(f"offset {len(data)}: it ends within its names, which go to {end}")
    names, bad_line = parse(data[HEAD_BYTES:end])
    trace = Trace(abi, digest, per_second or 1, first, names)
    if crc32(data[:SUM_AT] + data[HEAD_BYTES:end]) != head_sum:
        trace.wrong(SUM_AT, "head or names are damaged: their sum is another; names may be wrong")
    if bad_line is not None:
        trace.wrong(HEAD_BYTES + bad_line, "no line of names")
    if not per_second:
        trace.wrong(32, "a clock without a unit; taken as seconds")
    _records(trace, data, endian, end, count)
    return trace


def _records(trace: Trace, data: bytes, endian: str, at: int, count: int) -> None:
    end = at + count * RECORD_BYTES
    whole = (min(end, len(data)) - at) // RECORD_BYTES
    if end + SUM_BYTES > len(data):
        trace.wrong(len(data), f"it ends after {whole} of {count} records, without a sum")
    elif crc32(data[:end]) != struct.unpack_from(endian + "Q", data, end)[0]:
        trace.wrong(end, "the file was changed after it was written: its sum is another")
    if end + SUM_BYTES < len(data):
        trace.wrong(end + SUM_BYTES, f"{len(data) - end - SUM_BYTES} bytes after its end")
    words = struct.iter_unpack(endian + "QQQQ", data[at : at + whole * RECORD_BYTES])
    for i, (time, name, detail, said) in enumerate(words):
        what, operation, of, result = (said >> shift & 0xFF for shift in (32, 40, 48, 56))
        offset = at + i * RECORD_BYTES
        if what == LOST:
            trace.lost += 1
            continue
        record = Record(
            trace.first + i,
            offset,
            time,
            name,
            detail,
            said & 0xFFFFFFFF,
            what,
            operation,
            of,
            result,
        )
        trace.records.append(record)
