# SPDX-License-Identifier: BSD-2-Clause
"""The program on the other side: what is sent to it, and what comes back."""

from __future__ import annotations

import re
import signal
import subprocess
from types import TracebackType

from flue.model import Target

from .lexicon import Lexicon, PlayError, event_values
from .record import Record
from .words import Words

WIDE = 140
ASSERTIONS = "docs/debugging.md (when an assertion ends the program)"
_OBJECT = re.compile(r"^(\w+ = |    hardware:)")
_ZERO = re.compile(r" (\w+) 0+(?= |$)")
_BYTES = re.compile(r"\b([0-9a-f]{2}(?:[0-9a-f]{2})*?)(?:00){3,}(?= |$)")
_NOTIFIED = re.compile(r"^=> notified: (\S+) (\S+) (\d+)(?: (\d+) (\w+))?$")


class SessionError(Exception):
    """The program ended."""


class Session:
    def __init__(
        self,
        program: str,
        target: Target,
        record: Record | None = None,
        trace_file: str | None = None,
    ) -> None:
        words = [program, trace_file] if trace_file else [program]
        self._process = subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.record = record or Record()
        self.words = Words(Lexicon(target, self._send("faults")))

    def __enter__(self) -> Session:
        return self

    def __exit__(self, kind: type | None, value: object, trace: TracebackType | None) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()
        self.record.close()

    def do(self, line: str) -> list[str]:
        """What came of a line. Raises PlayError, if it cannot be."""
        first, _, rest = line.split("#")[0].strip().partition(" ")
        word = first if first in self.words.lexicon.operations else first.removeprefix(".")
        if word == "help":
            return self.words.help().splitlines()
        if word == "save":
            return self._save(rest.strip())
        try:
            said = self._done(line)
        except SessionError:
            self.record.keep(line)  # above all this one
            raise
        self.record.keep(line)
        return said

    def _done(self, line: str) -> list[str]:
        out: list[str] = []
        for sent in self.words.lines(line):
            said = self._send(sent)
            if said and said[0].startswith("!"):
                raise PlayError(said[0][1:])
            out += [self._short(self._named(x)) for x in said]
        return out

    def _save(self, path: str) -> list[str]:
        if not path:
            raise PlayError("save takes FILE")
        try:
            self.record.save(path)
        except OSError as e:
            raise PlayError(f"{path}: {e.strerror}") from None
        return [f"{len(self.record.lines)} lines are in {path}; --script plays them again"]

    def _send(self, line: str) -> list[str]:
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(line + "\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise SessionError(self._ended()) from None
        said: list[str] = []
        for answer in self._process.stdout:
            if answer == ".\n":
                return said
            said.append(answer.rstrip("\n"))
        raise SessionError("\n".join([*(self._short(x) for x in said), self._ended()]))

    def _ended(self) -> str:
        """How; a trap is an assertion of the runtime's."""
        number = self._process.wait()
        if number >= 0:
            return f"the session has ended by itself, with status {number}"
        name = signal.Signals(-number).name
        text = f"the session was ended by {name}"
        trapped = name in ("SIGILL", "SIGTRAP")
        return text + f": an assertion of the runtime, see {ASSERTIONS}" * trapped

    def _named(self, line: str) -> str:
        """Codes of indications and data of events by their names."""
        found = _NOTIFIED.match(line)
        if not found:
            return line
        call, whom, code, event, data = found.groups()
        name = self.words.lexicon.indication(call, int(code)) or code
        said = f"=> {call} tells {'the host' if whom == '-' else 'of ' + whom}: {name}"
        if not data:
            return said
        values = event_values(self.words.objects[whom][1].events[int(event)], bytes.fromhex(data))
        return f"{said};" + "".join(f" {name} {value}" for name, value in values)

    def _short(self, line: str) -> str:
        """Bytes without the zeros at their end; where it is much, without what is 0."""
        long = bool(len(line) > WIDE and (line.startswith("    -> ") or _OBJECT.match(line)))
        if long:
            links = {link.name for o in self.words.lexicon.target.objects for link in o.links}
            line = _ZERO.sub(lambda x: x[0] if x[1] in links else "", line)
        return _BYTES.sub(r"\1..", line) + " (the rest is 0)" * long
