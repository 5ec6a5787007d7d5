# SPDX-License-Identifier: BSD-2-Clause
"""What a terminal gets, and what tools get: colours, a line that says what one is waiting for; JSON."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from typing import TextIO

AFTER = 1.0  # seconds in which nothing is said
REDRAW = 0.2
CLEAR = "\r\033[K"


def redraws(stream: TextIO) -> bool:
    """Whether a line of it can be written anew."""
    return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def colored(choice: str, stream: TextIO) -> bool:
    """`auto`: a terminal that can, if nobody has set NO_COLOR."""
    if choice == "auto":
        return redraws(stream) and not os.environ.get("NO_COLOR")
    return choice == "always"


def fit(text: str) -> str:
    """No wider than the terminal: of a line that wraps only the end would be cleared."""
    return text[: shutil.get_terminal_size().columns - 1]


def print_json(what: object) -> None:
    """The one document of a command with --json."""
    sys.stdout.write(json.dumps(what, indent=2) + "\n")


class Waiting:
    """`with Waiting("checking spec"):` on a terminal, after a second: that, for how long, and `far`.

    The line is gone when it is over; a terminal that cannot clear a line gets it once.
    """

    def __init__(self, what: str, stream: TextIO | None = None) -> None:
        self.what, self.far = what, ""
        self._out = stream or sys.stderr
        self._again = redraws(self._out)
        self._over = threading.Event()
        self._shown = False
        self._thread = threading.Thread(target=self._show, daemon=True)

    def __enter__(self) -> Waiting:
        if self._out.isatty():
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        if self._thread.ident:
            self._thread.join()
        if self._shown and self._again:
            self._write(CLEAR)

    def _show(self) -> None:
        began = time.monotonic()
        until = AFTER
        while not self._over.wait(until):
            self._shown = True
            if not self._again:
                self._write(f"{self.what} ...\n")
                return
            spent = time.monotonic() - began
            self._write(CLEAR + fit(f"{self.what} ... {self.far}{spent:.0f} s"))
            until = REDRAW

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()
