# SPDX-License-Identifier: BSD-2-Clause
"""The page of a timeline in a browser: keys, search, zoom, pointer; nothing is fetched."""

import pytest
from browser import FETCHED, NEEDED, chromium, keys, webdriver
from test_page import rendered

pytestmark = NEEDED
PIXELS = "return document.getElementById('view').toDataURL()"
WALK = """
const press = () => dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'}));
return [...Array(arguments[0])].map(() => (press(), document.getElementById('said').textContent));
"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as driver:
        yield driver


@pytest.fixture
def opened(browser, history, tmp_path):
    def open_one(target, seed):
        events, _, page, data = rendered(history(target, seed)[0].read_bytes())
        path = tmp_path / "t.html"
        path.write_text(page, encoding="utf-8")
        browser.get(path.as_uri())
        return browser, events, data

    yield open_one
    assert browser.get_log("browser") == [] and browser.execute_script(FETCHED) == 0


def said(browser):
    return browser.find_element("id", "said").text


def drawn(browser):
    """After the next frame."""
    browser.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
    return browser.execute_script(PIXELS)


def test_arrows_go_through_all_events(opened):
    from selenium.webdriver.common.keys import Keys

    browser, events, _ = opened("limiter", 20)
    keys(browser, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT, Keys.ARROW_LEFT)
    assert said(browser).endswith(events[0].text)
    heard = browser.execute_script(WALK, len(events))
    assert [h.split(" s: ", 1)[1] for h in heard] == [e.text for e in [*events[1:], events[-1]]]


def test_shift_stays_on_a_track(opened):
    from selenium.webdriver.common.keys import Keys

    browser, events, data = opened("chimney", 20)
    first = next(i for i, e in enumerate(events) if e.what == "step")
    keys(browser, *[Keys.ARROW_RIGHT] * (first + 1))
    chain = webdriver.ActionChains(browser).key_down(Keys.SHIFT).send_keys(Keys.ARROW_RIGHT)
    chain.key_up(Keys.SHIFT).perform()
    after = next(i for i, t in enumerate(data["track"]) if t == data["track"][first] and i > first)
    assert said(browser).endswith(events[after].text) and after > first + 1


def test_failures_and_what_is_searched_for_are_found_in_turn(opened):
    from selenium.webdriver.common.keys import Keys

    browser, events, data = opened("chimney", 20)
    for i in [*data["bad"], data["bad"][0]]:  # and from the beginning again
        keys(browser, "f")
        assert said(browser).endswith(events[i].text)
    hits = [i for i, e in enumerate(events) if "terminate" in e.text and "path" in e.text]
    keys(browser, Keys.HOME, "/", "PATH terminate", Keys.ENTER)
    assert browser.find_element("id", "found").text == f"{len(hits)} found"
    assert said(browser).endswith(events[hits[0]].text)


def test_zoom_and_turns_draw_something_else_and_come_back(opened):
    browser, _, _ = opened("ipsec", 20)
    whole = drawn(browser)
    keys(browser, "+", "+")
    near = drawn(browser)
    keys(browser, "0")
    assert near != whole == drawn(browser)
    keys(browser, "t")
    turns = drawn(browser)
    assert turns not in (whole, near)
    browser.find_element("id", "turns").click()
    assert drawn(browser) == whole


def test_a_click_chooses_what_lasts_there(opened):
    browser, events, data = opened("chimney", 20)
    keys(browser, "t")
    drawn(browser)
    lanes = browser.find_element("id", "lanes")
    track, begin, end, name, *_ = max(data["slices"], key=lambda s: s[2] - s[1])
    width, last = lanes.size["width"], len(events) - 1
    near = {i for t, i in data["marks"] if t == track}
    at = next(n for n in range(begin + 1, end) if not near & {n - 2, n - 1, n, n + 1, n + 2})
    x = 190 + (at + 0.02 * last) / (1.04 * last) * (width - 190)
    y = 26 + track * 22 + 11
    centre = width / 2, lanes.size["height"] / 2
    chain = webdriver.ActionChains(browser)
    chain.move_to_element_with_offset(lanes, int(x - centre[0]), int(y - centre[1])).click()
    chain.perform()
    assert said(browser).endswith(events[begin].text)
    lasts = browser.find_element("id", "lasts").text
    assert lasts.startswith(f"{data['tracks'][track][1]}: {name}: ")
