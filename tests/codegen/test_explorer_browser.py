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


FOCUS = """const e = document.activeElement, before = window.before, b = e.getBoundingClientRect();
    const at = document.elementFromPoint(b.left + b.width / 2, b.top + b.height / 2);
    window.before = e;
    return {name: (e.textContent || e.getAttribute('aria-label') || '').trim(), framed: getComputedStyle(e).outlineStyle,
            onward: !before || !!(before.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING),
            seen: !!at && (e.contains(at) || at.contains(e))}"""


def test_tab_leads_through_the_page_in_its_order_and_is_seen(browser, tmp_path):
    from selenium.webdriver.common.keys import Keys

    opened(browser, spec("ipsec"), tmp_path)
    for step in range(60):
        if step == 30:  # as far as the first links of operations: on with a machine
            browser.execute_script("location.hash = 'object.sa'")
        keys(browser, Keys.TAB)
        focus = browser.execute_script(FOCUS)
        assert focus["name"] and focus["framed"] == "solid", (step, focus)
        assert focus["onward"] and focus["seen"], (step, focus)


# Texts of pictures that lie on each other or outside; names of a byte or more that are cut; what sticks out.
UNREADABLE = """const out = [], shown = (e) => e.getClientRects().length, box = (e) => e.getBoundingClientRect();
    const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
                           Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 2;
    for (const svg of document.querySelectorAll('svg')) {
        const texts = [...svg.querySelectorAll('text')].filter(shown).map((e) => [e.textContent, box(e)]);
        const nodes = [...svg.querySelectorAll('.node')].filter(shown).map((e) => [e.textContent.trim(), box(e)]);
        const within = shown(svg) && box(svg);
        texts.forEach(([text, a], i) => {
            for (const [other, b] of texts.slice(i + 1)) if (meet(a, b)) out.push([text, 'on', other]);
            for (const [node, b] of nodes) if (meet(a, b) && !node.includes(text)) out.push([text, 'on', node]);
            if (a.left < within.left || a.right > within.right) out.push([text, 'outside']); }); }
    for (const e of document.querySelectorAll('.grid a'))
        if (e.scrollWidth > e.clientWidth + 1 && / bytes?$/.test(e.title)) out.push([e.textContent, 'cut']);
    for (const e of document.querySelectorAll('td, th, dt, h2, h3, h4, button'))
        if (box(e).right > innerWidth + 1 && !e.closest('.wide')) out.push([e.textContent, 'sticks out']);
    return out"""
TOO_WIDE = "const e = document.documentElement; return e.scrollWidth - e.clientWidth"
PAPER = 720  # about A4's width without margins


def seen_at(browser, width, medium="screen"):
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium})


@pytest.fixture
def settings(browser):
    yield
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


@pytest.mark.parametrize("name", ["chimney", "example", "flow", "ipsec", "rdma", "tls"])
def test_all_can_be_read_on_wide_and_narrow_screens(browser, settings, tmp_path, name):
    opened(browser, spec(name), tmp_path)
    for folded in (True, False):
        for width in (1280, 400):
            seen_at(browser, width)
            assert browser.execute_script(UNREADABLE) == [], width
            assert browser.execute_script(TOO_WIDE) == 0, width
        keys(browser, "f")


BROKEN = """return [...document.querySelectorAll('td a, td:first-child')].filter((e) =>
    /^\\w+$/.test(e.textContent) && e.getClientRects().length > 1).map((e) => e.textContent)"""


def test_on_paper_all_is_open_and_nothing_is_cut(browser, settings, tmp_path):
    opened(browser, spec("ipsec"), tmp_path)
    seen_at(browser, PAPER, "print")
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert not browser.find_elements("css selector", "details:not([open])")
    for gone in ("header", "nav", ".tools"):
        assert not browser.find_element("css selector", gone).is_displayed()
    assert browser.execute_script(UNREADABLE) == []
    assert browser.execute_script(BROKEN) == []
    cut = "return [...document.querySelectorAll('.wide, .picture')].filter((e) => e.scrollWidth > e.clientWidth).length"
    assert browser.execute_script(cut) == 0
    browser.execute_script("dispatchEvent(new Event('afterprint'))")
    assert browser.find_elements("css selector", "details:not([open])")
