"""The phone page in a real browser, by its buttons."""

import shutil

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")


@pytest.mark.e2e
@pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium with chromedriver here")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_buyer_fails_tries_again_and_pays(till, sandbox, tmp_path):
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for each in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
        options.add_argument(each)
    options.add_argument(f"--user-data-dir={tmp_path}")
    options.add_argument("--window-size=500,900")
    options.add_experimental_option(
        "prefs", {"profile.managed_default_content_settings.javascript": 2}
    )
    phone = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))

    def shows(text):
        WebDriverWait(phone, 10, poll_frequency=0.02).until(lambda _: text in phone.page_source)

    try:
        phone.get(till.link("m-1"))
        phone.find_element(By.TAG_NAME, "summary").click()
        phone.find_element(By.ID, "fail").click()
        shows("잔액이 부족합니다.")
        phone.find_element(By.ID, "retry").click()
        shows('id="pay"')
        pay = phone.find_element(By.ID, "pay")
        assert pay.size["height"] >= 64
        assert pay.value_of_css_property("background-color") == "rgba(254, 229, 0, 1)"
        pay.click()
        shows("결제가 완료되었습니다")
        phone.find_element(By.ID, "receipt").click()
        shows("결제 영수증")
    finally:
        phone.quit()
    assert [each.status for each in sandbox.books.tries("m-1")] == ["failed", "paid"]
