# SPDX-License-Identifier: BSD-2-Clause
"""`flue lsp` with a client that others wrote: Neovim's.

Each test leads it through some steps over a copy of a spec; positions are found by the text that
stands there, so that no test counts lines.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLIENT = ROOT / "tests/editor/client.lua"
SERVER = [sys.executable, str(ROOT / "flue"), "lsp"]

pytestmark = pytest.mark.skipif(not shutil.which("nvim"), reason="no neovim")


def test_a_method_that_is_not_there_is_an_answer_and_no_more():
    asked = {"jsonrpc": "2.0", "id": 1, "method": "no/such", "params": {}}
    messages = [json.dumps(x) for x in (asked, {"jsonrpc": "2.0", "method": "exit"})]
    given = "".join(f"Content-Length: {len(m)}\r\n\r\n{m}" for m in messages)
    done = subprocess.run(SERVER, input=given, capture_output=True, text=True, check=False)
    assert '"code": -32601' in done.stdout.replace('":-', '": -') and done.stderr == ""


@pytest.fixture
def spec(tmp_path):
    copy = tmp_path / "ip sec"  # a space, as names of folders may have
    shutil.copytree(ROOT / "spec/ipsec", copy)
    return copy


def led(spec: Path, *steps: dict) -> list:
    """The answers to some steps, the first of which opens a file of the spec."""
    given, answers = spec.parent / "steps.json", spec.parent / "answers.json"
    given.write_text(json.dumps(steps))
    home = spec.parent / "home"
    home.mkdir(exist_ok=True)
    env = {**os.environ, "STEPS": str(given), "ANSWERS": str(answers), "HOME": str(home)}
    env |= {"SERVER": json.dumps(SERVER), "XDG_STATE_HOME": str(home), "XDG_CACHE_HOME": str(home)}
    done = subprocess.run(
        ["nvim", "--headless", "--clean", "-n", "-S", str(CLIENT)],
        cwd=spec,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(answers.read_text())


def opened(spec: Path, file: str = "sa.yaml") -> dict:
    return {"open": str(spec / file)}


def at(spec: Path, text: str, offset: int = 0, file: str = "sa.yaml") -> dict:
    """Where a text stands that the file has but once, or for the first time."""
    lines = (spec / file).read_text().split("\n")
    line = next(i for i, x in enumerate(lines) if text in x)
    return {"line": line, "character": lines[line].index(text) + offset}


def asked(method: str, place: dict, **more) -> dict:
    return {"ask": f"textDocument/{method}", **place, "more": more}


def text_at(spec: Path, location: dict) -> str:
    """The file's name, and the whole line that a location is in."""
    file = Path(location["uri"].removeprefix("file://").replace("%20", " "))
    return f"{file.name}: {file.read_text().split(chr(10))[location['range']['start']['line']].strip()}"


DEFINED = (
    ("to: offloaded", 4, "sa.yaml: offloaded:"),
    ("undo: add_sa", 7, "sa.yaml: add_sa:"),
    ("if: has_no_esn", 5, "sa.yaml: has_no_esn: {compare: numbers"),
    ("if: has_ended", 5, "target.yaml: has_ended:          {marked"),
    ("refuse: expired", 9, "target.yaml: expired:     {value: -127"),
    ("changed: [sequence_high", 12, "sa.yaml: sequence_high: {type: u32"),
    ("compare: offload,", 10, "sa.yaml: offload:       {type: offload"),
    ("busy: add", 7, "target.yaml: add:"),
    ("      hard_limit:", 8, "sa.yaml: hard_limit: {doc:"),
    ("mark: dead", 7, "target.yaml: dead:"),
    ("to: port, by", 5, "port.yaml: object: port"),
    ("tell: soft_expired", 8, "target.yaml: soft_expired:"),
    ("in: served", 5, "sa.yaml: served: [offloaded"),
)


def test_definition(spec):
    """From a name to the line that makes it, in this file or another."""
    steps = (asked("definition", at(spec, text, offset)) for text, offset, _ in DEFINED)
    _, *found = led(spec, opened(spec), *steps)
    for (text, _, line), (location,) in zip(DEFINED, found):
        assert text_at(spec, location).startswith(line), text


def test_a_variable_of_what_a_link_leads_to(spec):
    _, found = led(
        spec, opened(spec, "policy.yaml"), asked("definition", at(spec, "to: sa", 4, "policy.yaml"))
    )
    assert text_at(spec, found[0]) == "sa.yaml: object: sa"


def test_references_are_all_uses_and_none_of_another_of_that_name(spec):
    """The status `gone` is not the result gone, and each object has a state `free` of its own."""
    place = at(spec, "to: free, status: success", 4)
    context = {"includeDeclaration": True}
    _, found = led(spec, opened(spec), asked("references", place, context=context))
    lines = [text_at(spec, x) for x in found]
    used = {f: (spec / f).read_text().count("to: free") for f in ("sa.yaml", "target.yaml")}
    assert lines[0] == "sa.yaml: free:" and min(used.values()) > 0
    assert {f: sum(x.startswith(f) for x in lines[1:]) for f in used} == used  # and by defaults
    assert len(lines) == sum(used.values()) + 1


def test_hover_has_the_doc_and_the_rows(spec):
    state, event, command, nothing = (
        at(spec, "to: offloaded", 4),
        at(spec, "advance:\n".strip(), 1),
        at(spec, "send: write_esn", 8),
        at(spec, "# never changes", 3),
    )
    steps = (asked("hover", p) for p in (state, event, command, nothing))
    _, of_state, of_event, of_command, none = led(spec, opened(spec), *steps)
    said = of_state["contents"]["value"]
    assert said.startswith("**state `offloaded`**: In hardware, at rest.")
    assert "(at rest: host has it, hardware has it)" in said and "impossible: add" in said
    assert "else: plan update, go to advancing" in of_event["contents"]["value"]
    assert "soft_limit" not in of_event["contents"]["value"]  # the row of this event only
    assert "undo: old_values" in of_command["contents"]["value"]
    assert none is None


HALF_WRITTEN = (
    ("to: offloaded, status: success}", "to: o", ["free", "adding", "before"]),
    ("{send: add_sa, to: adding}", "{send: ", ["add_sa", "write_esn", "remove_sa"]),
    ("{if: has_ended, refuse: expired}", "{if: ", ["has_ended", "has_no_esn", "is_packet"]),
    ("status: success}", "status: ", ["success", "expired", "from_command"]),
    ("changed: [sequence_high, window_bottom]", "changed: [", ["sequence_high", "port"]),
    ("undo: remove_sa", "undo: ", ["remove_sa", "old_values"]),
    ("answers: [", "answers: [", ["no_space", "unsupported"]),
    ("      soft_limit: {tell: soft_expired}", "      s", ["soft_limit", "advance", "done"]),
)


def test_completion_while_a_line_is_half_written(spec):
    steps: list[dict] = []
    for old, new, _ in HALF_WRITTEN:
        lines = (spec / "sa.yaml").read_text().split("\n")
        line = next(i for i, x in enumerate(lines) if old in x)
        lines[line] = lines[line][: lines[line].index(old)] + new
        place = {"line": line, "character": len(lines[line])}
        steps += [{"text": lines}, asked("completion", place)]
    _, *answers = led(spec, opened(spec), *steps)
    for (_, new, names), found in zip(HALF_WRITTEN, answers[1::2]):
        labels = [x["label"] for x in found]
        assert set(names) <= set(labels) and not [x for x in labels if "stands" in x], new


def test_findings_come_while_one_types_go_and_are_mended(spec):
    text = (spec / "sa.yaml").read_text()
    wrong = text.replace("to: adding}", "to: addng}", 1).split("\n")
    file = str(spec / "sa.yaml")
    steps = (
        {"findings": file, "wait": 0},
        {"text": wrong},
        {"findings": file, "wait": 1},
        {"text": text.split("\n")},
        {"findings": file, "wait": 0},
    )
    _, before, _, found, _, after = led(spec, opened(spec), *steps)
    assert (before, after) in (([], []), ({}, {}))
    (shown,) = found
    assert (shown["code"], shown["severity"]) == ("unknown-name", 1)
    assert shown["message"] == 'unknown state "addng"\ndid you mean "adding"?'
    line = wrong[shown["lnum"]]
    assert line[shown["col"] : shown["end_col"]] == "addng"
    assert (spec / "sa.yaml").read_text() == text  # nothing of it was on disk


def test_a_quick_fix_is_what_was_meant(spec):
    text = (spec / "sa.yaml").read_text().replace("to: adding}", "to: addng}", 1)
    (spec / "sa.yaml").write_text(text)
    place = at(spec, "addng")
    end = {**place, "character": place["character"] + 5}
    shown = {"range": {"start": place, "end": end}, "message": 'unknown\ndid you mean "adding"?'}
    more = {"range": shown["range"], "context": {"diagnostics": [shown]}}
    _, actions = led(spec, opened(spec), asked("codeAction", {}, **more))
    (action,) = actions
    ((edit,),) = action["edit"]["changes"].values()
    assert (action["title"], edit["newText"]) == ('Change to "adding"', "adding")
    assert edit["range"] == shown["range"]


def test_what_is_wrong_in_another_file_is_shown_there(spec):
    """The target is edited; the object that uses what it lacks now has the finding."""
    text = (spec / "target.yaml").read_text().replace("  soft_expired:", "  soft_exprd:")
    file = str(spec / "sa.yaml")
    steps = ({"text": text.split("\n")}, {"findings": file, "wait": 1})
    _, _, found = led(spec, opened(spec, "target.yaml"), *steps)
    assert 'unknown indication "soft_expired"' in found[0]["message"]


def test_other_yaml_is_left_alone(tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "compose.yaml").write_text("services:\n  web: {image: nginx}\n")
    place = {"line": 1, "character": 3}
    steps = (asked("hover", place), {"findings": str(folder / "compose.yaml"), "wait": 0})
    _, hover, found = led(folder, {"open": str(folder / "compose.yaml")}, *steps)
    assert hover is None and not found


def test_symbols(spec):
    _, found = led(spec, opened(spec), asked("documentSymbol", {}))
    named = {(x["name"], x["detail"]) for x in found}
    assert {("sa", "object"), ("offloaded", "state"), ("write_esn", "command")} <= named


def test_names_that_stand_for_several_and_in_several_parts(tmp_path):
    """Through the protocol what test_names.py asks of every name."""
    chimney, ipsec = tmp_path / "chimney", tmp_path / "ipsec"
    for copy in (chimney, ipsec):
        shutil.copytree(ROOT / "spec" / copy.name, copy)
    status = at(chimney, "  tcp_entries:", 3, "target.yaml")
    asks = (
        asked("references", status, context={"includeDeclaration": False}),
        asked("definition", at(chimney, "{to: lost, mark: broken}", 6, "target.yaml")),
        asked("definition", at(chimney, "host_answers: host", 16, "target.yaml")),
        asked("hover", at(chimney, "passes: [object_handle", 11, "target.yaml")),
    )
    _, entries, lost, answered, word = led(chimney, opened(chimney, "target.yaml"), *asks)
    assert any("answers: [failure, resources, tcp_entries" in text_at(chimney, x) for x in entries)
    assert [text_at(chimney, x).split()[0] for x in lost] == [
        "neighbor.yaml:",
        "path.yaml:",
        "tcp.yaml:",
    ]
    assert text_at(chimney, answered[0]).startswith("neighbor.yaml: host_reachability_delta:")
    assert "by which the host knows the object" in word["contents"]["value"]

    place = [at(ipsec, "compare: in_sa.direction", offset, "policy.yaml") for offset in (10, 16)]
    _, link, variable = led(
        ipsec, opened(ipsec, "policy.yaml"), *(asked("definition", x) for x in place)
    )
    assert text_at(ipsec, link[0]).startswith("policy.yaml: in_sa:")
    assert text_at(ipsec, variable[0]).startswith("sa.yaml: direction:")
