# SPDX-License-Identifier: BSD-2-Clause
"""Headless Chromium for tests of pages.

Debian: chromium, chromium-driver, python3-selenium, some 130 MB; a test is skipped where they are not.
"""

import shutil
import sys
from contextlib import contextmanager

import pytest

DRIVER = shutil.which("chromedriver")
FETCHED = "return performance.getEntriesByType('resource').length"
sys.path.append("/usr/lib/python3/dist-packages")  # Debian's, for another python
try:
    from selenium import webdriver
except ImportError:
    webdriver = None
NEEDED = pytest.mark.skipif(not (DRIVER and webdriver), reason="no chromedriver and selenium here")


@contextmanager
def chromium():
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    for argument in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1200,800"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(service=Service(DRIVER), options=options)
    try:
        yield driver
    finally:
        driver.quit()


def keys(browser, *pressed):
    webdriver.ActionChains(browser).send_keys(*pressed).perform()
