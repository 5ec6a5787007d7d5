# SPDX-License-Identifier: BSD-2-Clause
"""Every command of the command line: its help, its exit status, its JSON, colours, and what is shown while one waits.

A command without a row in CASES fails here. What takes a compiler or SPIN is played by a stub: what the commands do is
tested elsewhere, this is about how they say it.
"""

import argparse
import importlib
import io
import json
import os
import pty
import re
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from helpers import ROOT, edited_spec

from flue import simulate, terminal, usage
from flue.backends.promela import progress, spin
from flue.backends.promela.catalogue import Bounds
from flue.cli import main
from flue.play import command as play

EXAMPLE = str(Path(ROOT, "spec/example"))
TYPO = [("meter.yaml", "create: {send: add_meter,", "create: {send: add_metre,")]
PAGE = Path(ROOT, "docs/tools.md")
# What follows SPEC, or stands instead of it; the work that one waits for: a module and a name there.
CASES = {
    "check": ([], "cli.analyse"),
    "generate": (["--out", "OUT"], "backends.c.generate.generate"),
    "device": (["--out", "OUT"], "cli.analyse"),
    "graph": (["--out", "OUT"], "backends.docs.graph.render"),
    "docs": (["--out", "OUT"], "backends.docs.explorer.page.write"),
    "table": ([], "cli.analyse"),
    "promela": (["--out", "OUT"], "backends.promela.catalogue.write"),
    "verify": ([], "cli.analyse"),  # the searches: flue.backends.promela.progress
    "simulate": ([], "simulate._compiled"),
    "play": (["--script", "SCRIPT"], "simulate._compiled"),
    "diff": ([EXAMPLE], "cli.analyse"),
    "trace": (["--spec"], "trace.command.read"),
    "new": (["--object", "port"], None),  # a second
    "lsp": ([], None),  # a server, whose language is JSON
}
NO_SPEC = {"new": ["tunnel"], "lsp": []}


def parsers():
    (sub,) = (x for x in usage.parser()._actions if isinstance(x, argparse._SubParsersAction))
    return sub.choices


def words(command, spec=EXAMPLE, **places):
    """The whole command line."""
    more = [places.get(x, x) for x in CASES[command][0]]
    if command == "trace":
        return [command, places["TRACE"], *more, spec]
    return [command, *NO_SPEC.get(command, [spec]), *more]


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A program of play and of simulate, a search and a trace, which are all good."""
    monkeypatch.chdir(tmp_path)
    script, program = tmp_path / "script", tmp_path / "program"
    script.write_text("show\n", encoding="utf-8")
    program.write_text(
        '#!/bin/sh\n[ "$1" = --json ] && echo "{}"; while read x; do echo .; done\n',
        encoding="utf-8",
    )
    program.chmod(0o700)
    monkeypatch.setattr(simulate, "build", lambda *_, **__: str(program))
    monkeypatch.setattr(play, "build", lambda *_, **__: str(program))
    monkeypatch.setattr(spin, "verify", lambda *_: [])
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    trace = SimpleNamespace(first=0, lost=0, problems=[])
    monkeypatch.setattr("flue.trace.command._rendered", lambda *_: (trace, "[]"))
    return {"OUT": "out", "SCRIPT": str(script), "TRACE": "t"}


def test_no_command_is_forgotten():
    assert set(CASES) == set(parsers())


@pytest.mark.parametrize("command", CASES)
def test_its_help_is_complete(command):
    parser = parsers()[command]
    silent = [a.dest for a in parser._actions if not a.help or a.help == argparse.SUPPRESS]
    assert not silent
    text = parser.format_help()
    assert re.search(rf"^  flue {command}\b", text.split("examples:")[1], re.MULTILINE)
    assert text.rstrip().endswith(usage.STATUS[command])
    assert ("--json" in text) == (command != "lsp")
    about = "".join(a.help for a in parser._actions if a.dest == "json").partition(" as JSON")[0]
    assert ("findings" in about) == (
        command == "check"
    ) or command == "diff", "it is what it prints"


@pytest.mark.parametrize("command", CASES)
def test_its_exit_status_says_what_became_of_it(command, places, capfd):
    """Good, an error in the spec, wrong usage; and each has a word in the table of the docs."""
    if command != "lsp":
        assert main(words(command, **places)) == 0, capfd.readouterr().err
    if command not in NO_SPEC:
        assert main(words(command, edited_spec(TYPO), **places)) == 1
        assert "add_metre" in capfd.readouterr().err
    for wrong in ([command, "--no-such-word"], [command, "no/such", "no/such", "no/such"]):
        with pytest.raises(SystemExit) as status:
            main(wrong)
        assert status.value.code == 2
    page = PAGE.read_text(encoding="utf-8")
    row = re.search(rf"^\| (?:`\w+`, )*`{command}`(?:, `\w+`)* \|.*\|$", page, re.MULTILINE)
    assert row and row[0].count("|") == 6, "no row in the table of exit statuses"


@pytest.mark.parametrize("command", [c for c in CASES if c != "lsp"])
def test_its_json_is_one_document(command, places, capfd):
    assert main([*words(command, **places), "--json"]) == 0
    out, err = capfd.readouterr()
    assert err == "" and isinstance(json.loads(out), (dict, list))
    if command not in NO_SPEC:
        assert main([*words(command, edited_spec(TYPO), **places), "--json"]) == 1
        out, err = capfd.readouterr()
        assert err == "" and json.loads(out)[0]["rule"] == "unknown-name"


def test_json_is_the_format_of_a_trace(places, capfd):
    """It drops no other that is asked for."""
    for form in ("text", "chrome", "html"):
        assert main(["trace", "t", "--json", "--format", form]) == 2
        assert "one of the two" in capfd.readouterr().err
    assert main(["trace", "t", "--json", "--format", "json"]) == 0


def test_json_names_the_files_that_are_there(places, capfd):
    for command in ("generate", "device", "graph", "docs", "promela", "new"):
        assert main([*words(command, **places), "--json"]) == 0
        files = json.loads(capfd.readouterr().out)["files"]
        assert files and all(Path(file).is_file() for file in files), command
    assert main(["generate", EXAMPLE, "--out", "out", "--list", "--json"]) == 0
    found = json.loads(capfd.readouterr().out)
    assert found["target"].endswith("target.yaml") and "out/limiter.c" in found["files"]


def test_json_without_files(places, capfd):
    assert main(["table", EXAMPLE, "--json"]) == 0
    rows = json.loads(capfd.readouterr().out)
    asked = [x for x in rows if (x["state"], x["event"]) == ("free", "create")]
    assert asked[0]["arms"][0]["to"] == "creating" and asked[0]["origin"] == "written"
    assert main(["graph", EXAMPLE, "--format", "dot", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["graphs"]["meter"].startswith("digraph ")
    assert main([*words("play", **places), "--json"]) == 0
    (step,) = json.loads(capfd.readouterr().out)
    assert (step["number"], step["line"], step["error"]) == (1, "show", None)


def seen_on_a_terminal(arguments, **environment):
    """All that a program writes whose stderr is a terminal."""
    ours, its = pty.openpty()
    said = b""
    with subprocess.Popen(
        [sys.executable, os.path.join(ROOT, "flue"), *arguments],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=its,
        env={**os.environ, "TERM": "xterm", **environment},
    ):  # fmt: skip
        os.close(its)
        try:
            while more := os.read(ours, 4096):
                said += more
        except OSError:
            pass  # its end closes the terminal
    os.close(ours)
    return said.decode()


COLOR = "\033[1;31merror:"
COLORED = [c for c in CASES if c not in NO_SPEC]


@pytest.mark.parametrize("command", COLORED)
def test_its_colours_are_for_terminals(command, places, monkeypatch, capsys):
    """In one process: the terminal is what says that it is one."""

    def said(**environment):
        screen = Screen()
        monkeypatch.setattr(sys, "stderr", screen)
        for name, value in {"TERM": "xterm", "NO_COLOR": "", **environment}.items():
            monkeypatch.setenv(name, value)
        assert main(words(command, edited_spec(TYPO), **places)) == 1
        return screen.getvalue()

    assert COLOR in said()
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        text = said(**environment)
        assert "error:" in text and "\033[1" not in text, environment
    assert "--color" in parsers()[command].format_help()


def test_colours_of_a_program():
    wrong = edited_spec(TYPO)
    assert COLOR in seen_on_a_terminal(["check", wrong])
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert "\033" not in seen_on_a_terminal(["check", wrong], **environment)


class Screen(io.StringIO):
    """A terminal, and a moment to wait for."""

    def __init__(self):
        super().__init__()
        self.changed = threading.Event()

    def isatty(self):
        return True

    def write(self, text):
        super().write(text)
        self.changed.set()
        return len(text)


@pytest.mark.parametrize("command", [c for c in CASES if CASES[c][1]])
def test_whoever_waits_sees_for_what(command, tmp_path, monkeypatch, capfd):
    """The work begins when something is shown; so a command that shows nothing never ends."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setattr(terminal, "AFTER", 0.01)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.chdir(tmp_path)
    waited = []
    module, name = CASES[command][1].rsplit(".", 1)

    class Enough(Exception):
        pass

    def work(*_, **__):
        screen.changed.clear()
        waited.append(screen.changed.wait(60))
        raise Enough

    monkeypatch.setattr(importlib.import_module(f"flue.{module}"), name, work)
    (tmp_path / "t").touch()
    (tmp_path / "script").touch()
    assert main(words(command, OUT="out", SCRIPT="script", TRACE="t")) == 2
    assert waited[0] is True
    shown = screen.getvalue().split(terminal.CLEAR)
    assert re.match(r"flue: .* \d s$", shown[-2]), shown  # and gone before anything else is said
    assert "Enough" in shown[-1]


def test_a_terminal_that_clears_no_line_gets_one(monkeypatch):
    monkeypatch.setattr(terminal, "AFTER", 0.01)
    monkeypatch.setenv("TERM", "dumb")
    screen = Screen()
    with terminal.Waiting("flue: at it", screen):
        assert screen.changed.wait(60)
    assert screen.getvalue() == "flue: at it ...\n"
    with terminal.Waiting("flue: at it", io.StringIO()) as quiet:
        pass
    assert not quiet._thread.is_alive() and not quiet._shown


def test_searches_keep_to_a_line_of_the_terminal(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setattr(progress, "REDRAW", 0.01)
    screen = Screen()
    with progress.Progress(screen) as shown:
        model = SimpleNamespace(letter="A", subject="a subject of a name that is rather long")
        shown.teller.begins(1, model, "states")
        assert screen.changed.wait(60)
    assert screen.getvalue().startswith(f"{terminal.CLEAR}... A a subject")
    assert all(len(line) < 40 for line in screen.getvalue().split(terminal.CLEAR))


@pytest.mark.parametrize("errors", [0, 1])
def test_what_is_wrong_leads_to_what_to_write(errors):
    out = io.StringIO()
    model = SimpleNamespace(letter="A", subject="one object")
    run = spin.Run(model, "safety", True, errors, story=["WRONG: something"] * errors)
    progress.show([run], Bounds(), out)
    where = re.search(r'"(.+)" in (spec/rules\.md)$', out.getvalue(), re.MULTILINE)
    assert bool(where) == bool(errors)
    assert not where or f"\n## {where[1]}\n" in Path(ROOT, where[2]).read_text(encoding="utf-8")
