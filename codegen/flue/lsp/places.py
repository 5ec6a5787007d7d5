# SPDX-License-Identifier: BSD-2-Clause
"""Places of specs and places of the protocol: lines from 0, columns in units of UTF-16."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from flue.model import Where


def path_of(uri: str) -> str:
    return unquote(urlsplit(uri).path)


def uri_of(path: str) -> str:
    return Path(path).absolute().as_uri()


def units(text: str) -> int:
    """Of UTF-16, in which the protocol counts."""
    return len(text.encode("utf-16-le")) // 2


def column_of(line: str, character: int) -> int:
    """The column, from 1, of a position in a line."""
    return len(line.encode("utf-16-le")[: 2 * character].decode("utf-16-le", "ignore")) + 1


def range_of(lines: list[str], where: Where) -> dict:
    """Of a place; what is about a whole file is its first line."""
    number = max(where.line - 1, 0)
    line = lines[number] if number < len(lines) else ""
    begin = max(where.column - 1, 0)
    return {
        "start": {"line": number, "character": units(line[:begin])},
        "end": {"line": number, "character": units(line[: begin + where.width])},
    }


def covers(where: Where, line: int, column: int) -> bool:
    return where.line == line and where.column <= column <= where.column + where.width
