# SPDX-License-Identifier: BSD-2-Clause
"""`flue play`: sessions from scripts, compared with what they printed before; and lines that cannot be.

    FLUE_UPDATE=1 python3 -m pytest tests/play      writes the transcripts anew, to be read as a diff

Lines of specs are not compared: a transcript is about what happens. With FLUE_PLAY, a folder, the programs there are used
(a build has made them); without it they are made.
"""

import io
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from flue.cli import main
from flue.compiler import analyse
from flue.diagnostics import Report
from flue.play import command
from flue.model import Type
from flue.play.lexicon import PlayError, event_data
from flue.play.session import Session, SessionError
from flue.simulate import build

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
SPECS = ("chimney", "example", "ipsec", "flow", "rdma", "tls", "uplinks", "works")


def without_lines(text):
    return re.sub(r"(\w+\.yaml):\d+", r"\1:N", text)


@pytest.mark.parametrize("spec", SPECS)
def test_a_session_is_as_it_was(opened, capsys, spec):
    script, golden = HERE / f"{spec}.txt", HERE / f"{spec}.out"
    with open(script, encoding="utf-8") as lines:
        assert command._from_script(opened(spec), lines, "script") == 0, capsys.readouterr().err
    text = without_lines(capsys.readouterr().out)
    if os.environ.get("FLUE_UPDATE"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")
    assert "WRONG" not in text


# A line, and a word of what is said against it.
WRONG = {
    "crate meter a": 'unknown word "crate"; did you mean "create"?',
    "create metre a": 'no object is called "metre"',
    "create meter": "a new meter needs a name: meter NAME",
    "create meter a-b": '"a-b" is no name',
    "create": "which object?",
    "create meter b prot=3": 'unknown setting of a meter by create "prot"; did you mean "port"?',
    "create meter b port": '"port" says no value: port=...',
    "create meter b port=x": 'port is a number, not "x"',
    "create meter b port=-1": "port cannot be -1: it has 32 bits",
    "create meter b port=0x100000000": "port cannot be 0x100000000",
    "create meter a": "a is there already",
    "create meter 'b": "no closing quotation",
    "modify b rate_kbps=1": 'no object is called "b"; there are: a',
    "modify a port=1": 'unknown setting of a meter by modify "port"',
    "modify a +": "which object?",
    "fail": "which command? write_limits, add_meter",
    "fail add_metre": 'unknown command "add_metre"; did you mean "add_meter"?',
    "fail add_meter no_spice": 'unknown answer to add_meter "no_spice"; did you mean "no_space"?',
    "next add_meter": "next COMMAND FAULT",
    "next add_meter gone": 'unknown fault "gone"',
    "lose add_meter x y": "next COMMAND FAULT",
    "time": "it takes MS",
    "time soon": '"soon" is no number of milliseconds',
    "event a limit": 'unknown event "limit"; there is none',
    "vanish b": 'no object is called "b"',
    "reset now": "it takes nothing behind it",
}


@pytest.fixture(scope="module")
def meters(opened):
    session = opened("example")
    session.do("create meter a port=1")
    return session


@pytest.mark.parametrize("line", WRONG)
def test_a_line_that_cannot_be_is_said_and_changes_nothing(meters, line):
    before = meters.do("show")
    with pytest.raises(PlayError) as said:
        meters.do(line)
    assert WRONG[line] in str(said.value)
    assert meters.do("show") == before and "limiting" in before[0]


# Of the data of an event.
DATA = {
    "event out hard": 'unknown event "hard"; known: soft_limit, hard_limit',
    "event out": "it takes NAME EVENT [DATA=VALUE ...]",
    "event out hard_limit packet=1": 'unknown data of hard_limit "packet"; did you mean "packets"?',
    "event out hard_limit packets": '"packets" says no value: packets=...',
    "event out hard_limit packets=x": 'packets is a number, not "x"',
    "event out hard_limit packets=0x10000000000000000": "it has 64 bits",
}


def test_data_of_an_event(opened):
    """As its driver would pass it: a structure as C lays it out."""
    session = opened("ipsec")
    for line in (HERE / "ipsec.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("event"):
            break
        session.do(line)
    for line, text in DATA.items():
        with pytest.raises(PlayError) as said:
            session.do(line)
        assert text in str(said.value), line
    sa = session.words.objects["out"][1]
    limit = f"event {session.words.objects['out'][0]} {sa.event('hard_limit').index}"
    assert session.words.lines("event out hard_limit") == [limit]
    data = (0).to_bytes(8, sys.byteorder) + (1000).to_bytes(8, sys.byteorder)
    assert session.words.lines("event out hard_limit bytes=1000") == [f"{limit} {data.hex()}"]
    assert "hard_limit" in "".join(session.do("event out hard_limit bytes=1000 packets=0x7"))
    odd = SimpleNamespace(
        data=(("few", Type("u8", "uint8_t", 1)), ("many", Type("i32", "int32_t", 4)))
    )
    assert event_data(odd, {"few": "3", "many": "-1"}) == "03000000ffffffff"


# A variable of the host's that only an event sets; no command carries it.
AGED = (
    ("carries: [const, cached, table.id", "carries: [const, timeout, table.id"),
    (
        "  delegated:\n",
        "    aged_packets: {type: u64, unit: packets, host: aged, in: [query], doc: Till then.}\n  delegated:\n",
    ),
    (
        "{to: offloaded, status: success}",
        "{to: offloaded, status: success, set: {aged_packets: 0}}",
    ),
    ("- {tell: flow_aged}", "- {tell: flow_aged, set: {aged_packets: event.packets}}"),
)


def test_what_an_event_sets_is_in_the_objects_line_and_not_in_the_hardwares(tmp_path):
    folder = tmp_path / "flow"
    shutil.copytree(ROOT / "spec" / "flow", folder)
    rule = folder / "rule.yaml"
    text = rule.read_text(encoding="utf-8")
    for old, new in AGED:
        assert old in text
        text = text.replace(old, new, 1)
    rule.write_text(text, encoding="utf-8")
    report = Report()
    target, _ = analyse(str(folder), report)
    assert not report.diagnostics, report.text()
    with Session(build(target, str(tmp_path), command.PARTS, "play"), target) as session:
        session.do("create table t number=1")
        first, hardware = session.do("create rule r table=t timeout=5")[-2:]
        assert "timeout 5" in first and "aged_packets" not in hardware  # a 0 is left out
        said = session.do("event r aged packets=41")
        assert "=> flow_event tells of r: flow_aged; packets 41 bytes 0" in said
        assert "timeout 5 aged_packets 41" in said[-2] and "aged_packets" not in said[-1]
        assert "     r: success; timeout 5 aged_packets 41" in session.do("query r asked=cached")


def test_a_session_that_an_assertion_ends_says_so(tmp_path):
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\nkill -ILL $$\n", encoding="utf-8")
    program.chmod(0o700)
    target, _ = analyse(str(ROOT / "spec" / "example"), Report())
    with pytest.raises(
        SessionError,
        match="was ended by SIGILL: an assertion of the runtime, see docs/debugging.md",
    ):
        Session(str(program), target)


def test_of_a_handle_that_names_nothing(opened):
    session = opened("ipsec")
    session.do("fail open_port")
    assert "     x: " in "".join(session.do("add port x"))
    with pytest.raises(PlayError, match="x is not there: it was not made"):
        session.do("remove x")
    with pytest.raises(PlayError, match="x is a port; port leads to a port|a is a"):
        session.do("add port y")
        session.do("add sa a port=y")
        session.do("add sa b port=a")


def test_a_name_is_taken_while_its_object_is_being_made(opened):
    session = opened("example")
    session.do("late add_meter")
    session.do("create meter a")
    with pytest.raises(PlayError, match="a is there already"):
        session.do("create meter a")
    assert "a = meter 0, limiting:" in "".join(session.do("deliver"))


def test_the_session_s_words_are_there_where_an_operation_has_their_name(meters):
    assert meters.do(".show") == meters.do("show")
    assert meters.do(".help") == meters.do("help") and "create, modify" in "".join(
        meters.do("help")
    )


def test_what_is_lost_again_and_again_asks_for_a_reset(opened):
    session = opened("example")
    session.do("create meter a port=1")
    said = ""
    for rate in range(6):
        session.do("lose write_limits")
        said += "".join(session.do(f"modify a rate_kbps={rate + 1}") + session.do("time 200"))
    assert "the runtime asks for a reset" in said
    assert "lost" in "".join(session.do("reset"))


def test_an_error_in_a_script_has_its_file_and_line(opened, capsys):
    script = io.StringIO("create meter a port=1\n\n# a comment\nmodify c\nshow\n")
    assert command._from_script(opened("example"), script, "my/story.txt") == 1
    out, err = capsys.readouterr()
    assert err.startswith('my/story.txt:4: error: no object is called "c"')
    assert "> modify c\n" in out and "> show" not in out


def test_the_command_itself(tmp_path, capsys, monkeypatch):
    """The whole way: compiled, played from stdin; a spec that is wrong is not played."""
    words = [sys.executable, str(ROOT / "flue"), "play", str(ROOT / "spec/example")]
    done = subprocess.run(
        words, input="create meter a\nquit\nnever\n", capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "a = meter 0, limiting:" in done.stdout and "never" not in done.stdout
    assert main(["play", str(ROOT / "spec/example"), "--script", "no/such"]) == 2
    assert "no/such: No such file" in capsys.readouterr().err


def test_on_a_terminal_words_are_completed(opened):
    from flue.play.shell import Shell

    shell = Shell(opened("ipsec"))
    shell.onecmd("add port p1")
    assert "add" in shell.completenames("a") and shell.completenames("del") == ["deliver"]
    line = "add sa x p"
    assert shell.completedefault("p", line, len(line) - 1, len(line)) == ["port="]
    assert shell.completedefault("p", "remove p", 7, 8) == ["port", "policy", "p1"]
    assert shell.completedefault("add_", "fail add_", 5, 9) == ["add_sa", "add_policy"]
    lane = Shell(opened("works"))
    lane.onecmd("open lane a")
    assert lane.completedefault("a.w", "transfer a.w", 9, 12) == ["a.write"]
    assert shell.completedefault("ha", "next add_sa ha", 12, 14) == ["half_done"]
    assert shell.onecmd("crate") is False and shell.onecmd("quit") is True


def test_a_terminal_gets_a_prompt(opened):
    session, (pid, terminal) = opened("example"), pty.fork()
    if pid == 0:
        sys.stdin, sys.stdout = open(0, encoding="utf-8"), open(1, "w", encoding="utf-8")
        os._exit(command._on_terminal(session))
    os.write(terminal, b"create meter a port=1\nmodify b\nquit\n")
    said = ""
    try:
        while more := os.read(terminal, 4096):
            said += more.decode()
    except OSError:
        pass  # its end closes the terminal
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert "a = meter 0, limiting: port 1" in said and 'error: no object is called "b"' in said
