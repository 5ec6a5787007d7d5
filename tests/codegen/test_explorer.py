# SPDX-License-Identifier: BSD-2-Clause
"""`flue docs`: a page of a target is whole in itself, and says what the compiler says."""

import functools
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
from helpers import ROOT, Report, edited_spec, load, spec

from flue.backends.docs.explorer import drawing, page
from flue.backends.docs.explorer.anchors import Anchors
from flue.cli import main
from flue.model.host_memory import host_structures

pytestmark = pytest.mark.skipif(shutil.which("dot") is None, reason="graphviz is not installed")
FOLDERS = [spec("chimney"), spec("rdma"), spec("tls")]
FOLDERS += [str(Path(ROOT, "tests/codegen", name)) for name in ("rich", "uplinks")]
HOSTILE = "<script>document.title='ran'</script><img src=x onerror=alert(1)></style>{{ 7 * 7 }}"


class Elements(HTMLParser):
    """The elements of a page, with their attributes; and the text of table rows by their id."""

    def __init__(self, text):
        super().__init__()
        self.found, self.rows, self.row = [], {}, None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.found.append((tag, attrs))
        if tag == "tr":
            self.row = self.rows.setdefault(attrs.get("id"), [])
        elif tag == "td" and self.row is not None:
            self.row.append("")

    def handle_data(self, data):
        if self.row:
            self.row[-1] += data

    def all(self, name):
        return [attrs[name] for _, attrs in self.found if name in attrs]


@functools.cache
def text_of(folder):
    return page.render(load(folder, Report()))


def test_texts_of_arrows_stand_above_all_lines():
    pictures = re.findall(r"<svg.*?</svg>", text_of(spec("rdma")), re.DOTALL)
    drawn = [re.findall(r"<(polygon|path|text)\b", picture) for picture in pictures]
    assert drawn and all("text" in names[names.index("path") :] for names in drawn)
    for names in drawn:
        last_line = max(i for i, name in enumerate(names) if name != "text")
        assert names[last_line + 1 :] and set(names[last_line + 1 :]) == {"text"}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_link_leads_to_a_place_of_the_page_and_none_leaves_it(folder):
    elements = Elements(text_of(folder))
    ids = elements.all("id")
    assert len(ids) == len(set(ids))
    links = elements.all("href") + elements.all("xlink:href")
    assert links and {link for link in links if link[1:] not in ids or link[0] != "#"} == set()
    assert elements.all("src") == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_members_lie_where_the_generated_header_asserts_them(folder, tmp_path):
    """Offsets of all members, and sizes of all structures."""
    assert main(["generate", folder, "--out", str(tmp_path)]) == 0
    (path,) = tmp_path.glob("*_host.h")
    header, target = path.read_text(encoding="utf-8"), load(folder, Report())
    text = text_of(folder)
    rows = Elements(text).rows
    offsets = re.findall(r"offsetof\(struct (\w+),\s*([\w.]+)\) == (\d+)", header)
    assert offsets
    for struct, member, at in offsets:
        row = rows[f"struct.{struct.removeprefix(target.name + '_')}.{member}"]
        assert re.match(r"\d+", row[0])[0] == at, (struct, member)
    for struct, size in re.findall(r"sizeof\(struct (\w+)\) == (\d+)", header):
        assert f"{size} bytes, <code>struct {struct}</code>" in text


@pytest.mark.parametrize("folder", FOLDERS)
def test_all_that_has_a_name_has_its_place(folder):
    target = load(folder, Report())
    assert Anchors(target).known <= set(Elements(text_of(folder)).all("id"))


def cells(row):
    """The links of each cell of a table's row, and its text without them."""
    return [
        (re.findall(r'href="#([^"]+)"', cell), " ".join(re.sub(r"<[^>]+>", " ", cell).split()))
        for cell in re.split(r"</t[dh]>", row)[:-1]
    ]


def row_of(text, name):
    return re.search(rf'<tr id="{re.escape(name)}".*?</tr>', text, re.DOTALL)[0]


def test_transfers_are_on_their_object_s_page_and_with_their_statuses():
    """Which order they keep, where they are taken, wait or go back, and with what."""
    text = text_of(spec("../tests/transfers/spec"))
    state = lambda *names: [f"object.lane.state.{name}" for name in names]
    name, doc, order, taken, waits, back, said, place = cells(
        row_of(text, "object.lane.transfer.barrier")
    )
    assert (name[1], doc[1]) == ("barrier", "Done when all before it is. Passes depth_wanted.")
    assert order == (["object.lane.transfer.write"], "that of write") and said[1] == "good"
    assert taken[0] == state("ready")
    assert waits[0] == state("tuning", "reverting", "restoring", "unrestoring")
    assert place[1].startswith("lane.yaml:")
    _, _, order, taken, waits, back, said, _ = cells(row_of(text, "object.lane.transfer.write"))
    assert order == ([], "its own") and taken[0] == state("ready", "tuning")
    assert back == (
        ["status.invalid", *state("unsure"), "status.leaving", *state("closing"), "status.given"]
        + ["status.lost", *state("forgotten", "gone")],
        "refused: invalid in unsure ending: leaving in closing returned: given"
        " reset: lost in forgotten , gone",
    )
    assert said == (["status.failed"], "good, failed")
    assert "the driver's own" in cells(row_of(text, "object.lane.transfer.loan"))[2][1].replace(
        "&#39;", "'"
    )
    lost, given = (cells(row_of(text, f"status.{x}"))[4][0] for x in ("lost", "given"))
    lane = [f"object.lane.transfer.{x}" for x in ("write", "barrier", "read")]
    assert (lost, given) == ([lane[0], lane[2]], lane)
    assert "works_item" in text and "Next at 32, status at 40" in text
    assert "works_item" not in text_of(spec("example"))


def test_what_a_spec_says_is_text():
    text = Path(spec("example"), "meter.yaml").read_text(encoding="utf-8")
    doc = re.search(r"^doc: .*$", text, re.MULTILINE)[0]
    written = text_of(edited_spec([("meter.yaml", doc, f'doc: "{HOSTILE}"')]))
    elements = Elements(written)
    assert [tag for tag, _ in elements.found if tag in ("img", "script", "style")] == [
        "style",
        "script",
    ]
    assert not [a for a in elements.found if any(name.startswith("on") for name in a[1])]
    assert "{{ 7 * 7 }}" in written and "document.title=&#39;ran&#39;" in written


def test_a_browser_is_told_to_run_nothing_else_and_to_fetch_nothing():
    (policy,) = [a["content"] for tag, a in Elements(text_of(spec("example"))).found
                 if a.get("http-equiv") == "Content-Security-Policy"]  # fmt: skip
    assert policy.startswith("default-src 'none'") and "script-src 'sha256-" in policy


def test_the_command_writes_the_same_page_twice(tmp_path, capsys):
    command = ["docs", spec("example"), "--out", str(tmp_path / "site")]
    assert main(command) == 0
    (path,) = (tmp_path / "site").iterdir()
    written = path.read_bytes(), path.stat().st_mtime_ns
    assert path.name == "limiter.html" and main(command) == 0
    assert (path.read_bytes(), path.stat().st_mtime_ns) == written


def test_a_spec_with_errors_has_no_page(tmp_path, capsys):
    folder = edited_spec([("meter.yaml", "object: meter", "object: meter\nnonsense: 1")])
    assert main(["docs", folder, "--out", str(tmp_path / "site")]) == 1
    assert "nonsense" in capsys.readouterr().err and not (tmp_path / "site").exists()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: Path(f).name)
def test_a_drawing_has_no_empty_line(folder):
    """Each line of the grid holds a part of a member, and no two boxes meet."""
    overlaps = 0
    for struct in host_structures(load(folder, Report())):
        members = drawing.lain(struct)
        rows, taken = drawing.rows(members), set()
        lines = sum(len(row.lanes) for row in rows)
        overlaps += lines - len(rows)
        for box in drawing.boxes(members):
            cells = {(y, x) for y in range(box.top, box.bottom) for x in range(box.left, box.right)}
            assert not cells & taken, (struct.name, box)
            taken |= cells
        assert {y for y, _ in taken} == set(range(1, lines + 1)), struct.name
        assert [row.offset for row in rows] == list(range(0, struct.bytes, 8))
    assert overlaps == {"chimney": 2}.get(Path(folder).name, overlaps)


def test_bit_fields_have_their_size():
    found = {
        m.path: m.size
        for s in host_structures(load(spec("flow"), Report()))
        for m in drawing.lain(s)
    }
    assert found["vlan"] == "12 bits, 0 to 11"
    low = [size for size in found.values() if size.startswith("1 bit,")]
    assert all(re.fullmatch(r"1 bit, \d+", size) for size in low)


def test_kinds_stand_with_the_articles_that_fit_them():
    edit = ("completion: was_changed\n", "completion: was_changed\n    about: [table, entry]\n")
    text = text_of(edited_spec([("target.yaml", *edit)], "../tests/codegen/numbers"))
    assert re.search(
        r"one that the host has, a <a[^>]*>table</a> or an <a[^>]*>entry</a> only", text
    )
