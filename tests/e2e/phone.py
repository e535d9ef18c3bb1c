"""The buyer's phone: headless Chromium and a buyer's actions."""

from __future__ import annotations

import shutil
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By

from tests.e2e.deadline import PATIENCE, eventually

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
DRIVER = shutil.which("chromedriver")


class Phone:
    """A browser without scripts: the payment page does not need them."""

    def __init__(self, profile: Path) -> None:
        options = webdriver.ChromeOptions()
        options.binary_location = CHROMIUM or ""
        for each in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
            options.add_argument(each)
        options.add_argument(f"--user-data-dir={profile}")
        options.add_argument("--window-size=500,900")
        options.add_argument("--no-proxy-server")
        no_scripts = {"profile.managed_default_content_settings.javascript": 2}
        options.add_experimental_option("prefs", no_scripts)
        self._browser = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
        self._browser.set_page_load_timeout(PATIENCE)

    def open(self, address: str) -> None:
        """Open the address of a QR as a new visitor."""
        self._browser.delete_all_cookies()
        self._browser.get(address)

    def press(self, button: str) -> None:
        """Press a button by its id."""
        self._browser.find_element(By.ID, button).click()

    def unfold(self) -> None:
        """Open the collapsed tools for practising at the foot of the page."""
        self._browser.find_element(By.TAG_NAME, "summary").click()

    def write(self, field: str, text: str) -> None:
        """Fill in a field by its id."""
        self._browser.find_element(By.ID, field).send_keys(text)

    def wait_to_read(self, text: str) -> None:
        """Wait until the page contains the text."""
        eventually(
            lambda: text in self._browser.page_source,
            lambda: f"{text!r} on the phone, but: {self._browser.page_source[-2000:]}",
        )

    def quit(self) -> None:
        self._browser.quit()
