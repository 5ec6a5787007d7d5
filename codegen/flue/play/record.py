# SPDX-License-Identifier: BSD-2-Clause
"""Lines of a session that could be: a script that plays the same again."""

from __future__ import annotations


class Record:
    """Kept, and in a file as soon as they are said if there is one: a session may end by itself."""

    def __init__(self, path: str | None = None) -> None:
        self.lines: list[str] = []
        self._file = open(path, "w", encoding="utf-8") if path else None

    def keep(self, line: str) -> None:
        if not line.strip():
            return
        self.lines.append(line)
        if self._file:
            self._file.write(f"{line}\n")
            self._file.flush()

    def save(self, path: str) -> None:
        with open(path, "w", encoding="utf-8") as out:
            out.write("".join(f"{line}\n" for line in self.lines))

    def close(self) -> None:
        if self._file:
            self._file.close()
