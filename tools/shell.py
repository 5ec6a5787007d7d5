# SPDX-License-Identifier: BSD-2-Clause
"""Commands, as a shell would run them: each is seen, or is one line with the seconds it took."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from typing import IO, Callable, NoReturn

interrupted = False


class Failed(Exception):
    """A command that was needed ended with this status; it has said why."""

    def __init__(self, status: int):
        super().__init__(status)
        self.status = status


def say(text: str = "", out: IO[str] | None = None, end: str = "\n") -> None:
    """At once: what commands print comes in between."""
    print(text, file=out or sys.stdout, end=end, flush=True)


def die(text: str) -> NoReturn:
    say(f"dev: {text}", sys.stderr)
    raise Failed(1)


def on_interrupt(*_: object) -> None:
    """Whoever types Ctrl-C interrupts the command, too. It is waited for: make, ninja and ctest clean up."""
    global interrupted
    interrupted = True


def ended(status: int) -> int:
    """What a shell would call the status of a command; nothing comes after one that was interrupted."""
    if interrupted:
        raise Failed(128 + signal.SIGINT)
    return status if status >= 0 else 128 - status


def status_of(command: list[str], out: IO[str] | None = None) -> int:
    """All that it prints goes to `out`, if that is given."""
    errors = subprocess.STDOUT if out else None
    try:
        return ended(subprocess.run(command, stdout=out, stderr=errors, check=False).returncode)
    except OSError as error:
        say(f"dev: {command[0]}: {error.strerror}", out or sys.stderr)
        return 127


def run(command: list[str], out: IO[str] | None = None) -> None:
    status = status_of(command, out)
    if status:
        raise Failed(status)


def output(command: list[str], given: str | None = None) -> tuple[int, str]:
    """Status and all that is printed, of a command that may not even be there."""
    try:
        done = subprocess.run(command, input=given, text=True, errors="replace", check=False,
                              stdin=subprocess.DEVNULL if given is None else None,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
    except OSError as error:
        return 127, str(error.strerror)
    return ended(done.returncode), done.stdout


def works(command: list[str], given: str | None = None) -> bool:
    return output(command, given)[0] == 0


def redraws() -> bool:
    """Whether a line can be written anew."""
    return sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def quietly(title: str, step: Callable[[IO[str]], None]) -> None:
    """One line about `step`, which prints to a log; the whole of it only if it fails."""
    started, terminal = time.monotonic(), redraws()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        if terminal:
            say(f"   ... {title}", end="")
        try:
            step(log)
        except Failed:
            say("\r\033[K" * terminal, end="")
            if not interrupted:
                log.seek(0)
                say(log.read(), sys.stderr, end="")
                say(f"dev: failed: {title}", sys.stderr)
            raise
    seconds = int(time.monotonic() - started)
    say("\r\033[K" * terminal + f"{seconds:4d}s  {title}")


def user(option: str) -> str:
    """What `id` says: some users have a number and no name."""
    return output(["id", option])[1].strip()


def jobs() -> int:
    return len(os.sched_getaffinity(0))
