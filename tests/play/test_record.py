# SPDX-License-Identifier: BSD-2-Clause
"""What is kept of a session: its lines, as a script, and its steps, as a trace."""

import io
import json
from pathlib import Path

import pytest

from flue.cli import main
from flue.compiler import analyse
from flue.diagnostics import Report
from flue.play import command
from flue.play.lexicon import PlayError
from flue.play.record import Record
from flue.play.session import Session, SessionError

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def test_what_was_said_can_be_played_again(opened, tmp_path, capsys):
    """A script of what could be: replayed, it ends in the same state."""
    session, saved = opened("example"), tmp_path / "a story.txt"
    said = [
        "# a meter",
        "create meter a port=1",
        "lose write_limits",
        "modify a rate_kbps=5",
        "time 60",
    ]
    for line in [*said, "", "help"]:
        session.do(line)
    with pytest.raises(PlayError):
        session.do("modify b")
    assert session.do(f"save {saved}") == [f"5 lines are in {saved}; --script plays them again"]
    assert saved.read_text(encoding="utf-8").splitlines() == said
    again = opened("example")
    assert command._from_script(again, io.StringIO(saved.read_text(encoding="utf-8")), "s") == 0
    assert again.do("show") == session.do("show") and capsys.readouterr().err == ""
    for line, why in (("save", "save takes FILE"), (f"save {tmp_path}", "Is a directory")):
        with pytest.raises(PlayError, match=why):
            session.do(line)
    assert session.record.lines == [*said, "show"]


def test_a_record_has_the_line_that_ended_the_session(tmp_path):
    program, record = tmp_path / "program", tmp_path / "record"
    program.write_text("#!/bin/sh\nread x; echo .; read x; kill -ILL $$\n", encoding="utf-8")
    program.chmod(0o700)
    target, _ = analyse(str(ROOT / "spec" / "example"), Report())
    session = Session(str(program), target, Record(str(record)))
    with pytest.raises(SessionError, match="SIGILL"):
        session.do("create meter a port=1")
    assert record.read_text(encoding="utf-8") == "create meter a port=1\n"


def test_a_trace_of_a_session(programs, tmp_path, capsys, monkeypatch):
    """Each step that the session shows is in it, too; and a file that cannot be is said before."""
    monkeypatch.setattr(command, "build", lambda target, *_: programs(target))
    words = ["play", str(ROOT / "spec/example"), "--script", str(HERE / "example.txt")]
    assert main([*words, "--trace-file", str(tmp_path / "t"), "--json"]) == 0
    steps = json.loads(capsys.readouterr().out)
    said = [x.strip() for step in steps for x in step["said"] if x.startswith("    #")]
    assert main(["trace", str(tmp_path / "t"), "--spec", str(ROOT / "spec/example")]) == 0
    traced = capsys.readouterr().out
    assert len(said) > 20 and all(x in traced for x in said)
    assert main([*words, "--trace-file", str(tmp_path)]) == 2
    assert capsys.readouterr() == ("", f"flue: {tmp_path}: Is a directory\n")
