# SPDX-License-Identifier: BSD-2-Clause
"""The page of `flue docs` in a browser: search, keyboard, folding, links; nothing is fetched."""

import shutil
import sys

import pytest
from helpers import ROOT, edited_spec, spec

from flue.cli import main

sys.path.append(f"{ROOT}/tests/support")
from browser import FETCHED, NEEDED, chromium, keys  # noqa: E402

pytestmark = [
    NEEDED,
    pytest.mark.skipif(not shutil.which("dot"), reason="no graphviz is installed"),
]
SHOWN = "return [...document.querySelectorAll('.whole')].map(e => e.hidden)"
PUSH = "arguments[0].dispatchEvent(new MouseEvent('click', {bubbles: true, cancelable: true}))"
HOSTILE = "<script>document.title='ran'</script><img src=x onerror=alert(1)></style>"


@pytest.fixture(scope="module")
def browser():
    with chromium() as driver:
        yield driver


def opened(browser, folder, out):
    assert main(["docs", folder, "--out", str(out)]) == 0
    (page,) = out.iterdir()
    browser.get(page.as_uri())
    return browser


def focused(browser):
    return browser.execute_script("return document.activeElement.id")


def test_search_is_found_by_slash_and_leads_there(browser, tmp_path):
    from selenium.webdriver.common.keys import Keys

    opened(browser, spec("chimney"), tmp_path)
    keys(browser, "/", "terminate")
    hits = browser.find_elements("css selector", "#hits [role=option]")
    assert hits and all("terminat" in hit.text.lower() for hit in hits[:3])
    keys(browser, Keys.ENTER)
    assert browser.current_url.endswith("#" + focused(browser)) and focused(browser)
    keys(browser, "/", "x", Keys.ESCAPE)
    assert browser.execute_script("return document.getElementById('hits').hidden")
    assert browser.get_log("browser") == [] and browser.execute_script(FETCHED) == 0


def test_busy_states_unfold_and_a_transition_leads_to_its_line(browser, tmp_path):
    opened(browser, spec("chimney"), tmp_path)
    assert set(browser.execute_script(SHOWN)) == {True}
    keys(browser, "f")
    assert set(browser.execute_script(SHOWN)) == {False}
    edge = browser.find_element("css selector", ".machine .whole .edge a")
    browser.execute_script(PUSH, edge)
    assert focused(browser).startswith("spec.")
    inside = "return document.activeElement.closest('details').open"
    assert browser.execute_script(inside)


def test_what_a_spec_says_does_not_run(browser, tmp_path):
    edit = ("meter.yaml", "doc: A rate limiter on one port.", f'doc: "{HOSTILE}"')
    opened(browser, edited_spec([edit]), tmp_path)
    assert browser.title != "ran" and browser.get_log("browser") == []
    assert HOSTILE in browser.find_element("css selector", "#object\\.meter .doc").text


STARTS = """return [...document.querySelectorAll('.machine')].map(m => {
    const start = [...m.querySelectorAll('svg .node')].find(e => e.getClientRects().length);
    const at = start.getBoundingClientRect(), window = m.getBoundingClientRect();
    return [m.scrollWidth > m.clientWidth, at.left >= window.left && at.right <= window.right]; })"""


# A place in it where there is nothing to click.
EMPTY = """const m = arguments[0], b = m.getBoundingClientRect(), y = Math.round(b.top + 60);
    for (let x = Math.round(b.left) + 120; x < b.right - 20; x += 20) {
        const e = document.elementFromPoint(x, y);
        if (e && m.contains(e) && e.closest('svg') && !e.closest('a')) return [x, y]; }"""


def test_a_wide_machine_shows_its_start_and_can_be_dragged(browser, tmp_path):
    from selenium.webdriver.common.actions.action_builder import ActionBuilder

    opened(browser, spec("rdma"), tmp_path)
    starts = browser.execute_script(STARTS)
    assert [True, True] in starts and all(seen for _, seen in starts)
    machines = browser.find_elements("css selector", ".machine")
    wide = max(machines, key=lambda e: e.get_property("scrollWidth"))
    browser.execute_script("arguments[0].scrollIntoView()", wide)
    before = wide.get_property("scrollLeft")
    x, y = browser.execute_script(EMPTY, wide)
    mouse = ActionBuilder(browser)
    mouse.pointer_action.move_to_location(x, y).pointer_down().move_to_location(x - 100, y)
    mouse.pointer_action.pointer_up().move_to_location(x - 50, y)  # let go
    mouse.perform()
    assert wide.get_property("scrollLeft") == before + 100
