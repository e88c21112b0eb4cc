# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The page in a browser, which loads nothing from other machines."""

import csv
import json
import shutil
import threading
from pathlib import Path

import pytest

from labelwise.demo.local import make_server
from labelwise.runs.listening import ListenArguments, listen

from ...tiny_corpus import write_jsonl

pytestmark = pytest.mark.slow
SECONDS = 180  # on a busy machine


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    """Headless Chromium; its folder of downloads is `browser.downloads`."""
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is missing")
    programs = [shutil.which(name) for name in ("chromium", "chromedriver")]
    if None in programs:
        pytest.skip("the page needs a browser: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = programs[0]
    for argument in ("headless=new", "no-sandbox", "disable-dev-shm-usage", "window-size=1300,1000"):
        options.add_argument(f"--{argument}")
    downloads = tmp_path_factory.mktemp("downloads")
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    options.set_capability("goog:loggingPrefs", {"performance": "ALL"})
    browser = webdriver.Chrome(options, webdriver.ChromeService(programs[1]))
    browser.downloads = downloads
    browser.command_executor.client_config.timeout = 2 * SECONDS
    browser.set_page_load_timeout(SECONDS)
    yield browser
    browser.quit()


@pytest.fixture(scope="module")
def open_page(browser):
    """`open_page(tagger)`: show its page, and return `find(selector)` and `wait(condition)`."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    servers = []

    def find(selector: str):
        return browser.find_elements(By.CSS_SELECTOR, selector)

    def wait(condition):
        waiting = WebDriverWait(browser, SECONDS, ignored_exceptions=_gone())
        return waiting.until(lambda _: condition())

    def open_(tagger):
        args = ListenArguments()
        listener, server = listen(args), make_server(tagger)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        servers.append((server, thread))
        url = args.url(listener)
        thread.start()
        browser.get(url)
        wait(lambda: find("#label") and find("#chosen input"))  # the last ones to appear
        return url, find, wait

    yield open_
    for server, thread in servers:
        server.should_exit = True
        thread.join()


def _gone() -> tuple[type[Exception], ...]:
    """Errors of elements that the page replaced in the meantime."""
    from selenium.common.exceptions import StaleElementReferenceException

    return (StaleElementReferenceException,)


def predicted(find) -> set[str]:
    return {cell.text for cell in find("#answer .predicted td:first-child")}


def test_a_text_a_threshold_a_known_label_and_a_file(browser, open_page, label_tokens, tmp_path):
    from selenium.webdriver.common.keys import Keys

    url, find, wait = open_page(label_tokens)
    text = "what joy it was, what deep anger"
    find("#text textarea")[0].send_keys(text)
    find("#label")[0].click()
    wait(lambda: len(find("#answer tr")) == 4)
    expected = {answer.label for answer in label_tokens.label(text) if answer.is_predicted}
    assert predicted(find) == expected
    words = wait(lambda: find("#words mark"))
    assert [mark.text for mark in words][:3] == ["what", "joy", "it"]
    assert "255, 140, 0" in words[0].value_of_css_property("background-color")

    slider = find("#threshold input[type=range]")[0]
    slider.send_keys(Keys.HOME)
    wait(lambda: len(predicted(find)) == 3)
    assert not find("#own input")[0].is_selected()
    slider.send_keys(Keys.END)
    wait(lambda: not predicted(find))

    known = find("#known input")
    assert len(known) == 3
    known[1].click()
    wait(lambda: predicted(find) == {"anger"})
    assert "known" in find("#answer .predicted")[0].text
    find("#own input")[0].click()
    after = {answer.label for answer in label_tokens.label(text, known=["anger"]) if answer.is_predicted}
    wait(lambda: predicted(find) == after)

    next(tab for tab in find("button[role=tab]") if tab.text == "A file").click()
    file = write_jsonl(tmp_path / "texts.jsonl", [{"text": text}, {"text": "the cat"}])
    wait(lambda: find("#file input[type=file]"))[0].send_keys(str(file))
    wait(lambda: "texts" in find("#file")[0].text)
    find("#tag")[0].click()
    wait(lambda: find("#tagged a[download]"))[0].click()
    tagged = wait(lambda: list(Path(browser.downloads).glob("*.csv")))[0]
    with tagged.open(encoding="utf-8", newline="") as rows:
        found = list(csv.DictReader(rows))
    assert [row["text"] for row in found] == [text, "the cat"]
    assert set(json.loads(found[0]["labels"])) == expected

    asked = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = [
        message["params"]["request"]["url"] for message in asked if message["method"] == "Network.requestWillBeSent"
    ]
    assert any(one.startswith(url) for one in urls)
    assert [one for one in urls if not one.startswith((url, "data:", "blob:", "chrome"))] == []


def test_a_model_that_reads_no_known_labels(browser, open_page, words):
    _, find, wait = open_page(words)
    assert find("#known input") == []
    find("#text textarea")[0].send_keys("the money, the loan")
    find("#label")[0].click()
    wait(lambda: "loan" in "".join(mark.text for mark in find("#words mark")))
    next(tab for tab in find("button[role=tab]") if tab.text == "A file").click()
    wait(lambda: find("#tag"))[0].click()
    wait(lambda: any("choose a file first" in one.text for one in find(".toast-body")))
