"""The manual is complete in both languages, true of the program, and in its words."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from pathlib import Path

import pytest

from posapp.app.help_command import show_help
from posapp.app.manual_html import to_html, write_html
from posapp.ui.core.i18n import LANGUAGES, Translator
from posapp.ui.help.manual import INDEX, Manual, manual_folder
from posapp.ui.shell.routes import GLOBAL_KEYS, ROUTE, ROUTES, STAFF_KEYS
from tests.unit import catalogue_rules as rules

ROOT = Path(__file__).parents[2]
I18N = ROOT / "resources" / "i18n"
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]*)\)")
KEY = re.compile(
    r"(?<![\w+])((?:Ctrl\+|Shift\+)?(?:F\d{1,2}|Esc|Enter|Space|PgUp|PgDn|Tab|Del)"
    r"|(?:Ctrl|Shift)\+[A-Z0-9])(?![A-Za-z0-9])"
)
BOLD = re.compile(r"\*\*(?:\[[^\]]*\]|(.+?))\*\*")

EVERYWHERE = {use.key for use in (*GLOBAL_KEYS, *STAFF_KEYS)} | {
    "Enter",
    "Esc",
    "Space",
    "PgUp",
    "PgDn",
}
"""Keys that every page may name: those of the window, and those of lists and questions."""

UNTIL_CTRL_7 = {f"Ctrl+{number}" for number in range(1, 8)}

EMPHASIS = {
    "ko": {"다시 결제하지 말고", "실패가 아닙니다", "아직 환불되지 않았습니다"},
    "en": {"Do not pay again.", "do not pay again", "It has not failed"},
}
"""Bold text that is no text of the program."""


def pages(language: str) -> dict[str, str]:
    return {name: topic.text for name, topic in Manual(language).topics.items()}


def catalogue(language: str) -> str:
    """Every text of a language, one a line."""
    texts: list[str] = []
    for path in sorted((I18N / language).glob("*.toml")):
        texts += tomllib.loads(path.read_text("utf-8")).values()
    return "\n".join(texts).casefold()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_window_has_its_page(language):
    assert set(ROUTE) - set(pages(language)) == set()


def test_both_languages_have_the_same_pages_with_the_same_pictures_and_links():
    korean, english = pages("ko"), pages("en")
    assert list(korean) == list(english)
    for name, text in korean.items():
        targets = [sorted(where.replace("/ko-", "/en-") for _, where in LINK.findall(text))]
        assert targets == [sorted(where for _, where in LINK.findall(english[name]))], name


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_and_every_picture_exists_and_none_leads_outside(language):
    folder = manual_folder() / language
    for name, text in pages(language).items():
        assert text.startswith("# "), name
        for is_picture, where in LINK.findall(text):
            assert "://" not in where and (folder / where).is_file(), (name, where)
            assert bool(is_picture) == where.endswith(".png"), (name, where)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_leads_to_every_page(language):
    listed = {where.removesuffix(".md") for _, where in LINK.findall(pages(language)[INDEX])}
    assert listed == set(pages(language)) - {INDEX}


def test_every_picture_is_shown_and_small():
    used = {
        Path(where).name
        for language in LANGUAGES
        for text in pages(language).values()
        for is_picture, where in LINK.findall(text)
        if is_picture
    }
    kept = list((manual_folder() / "pictures").glob("*"))
    assert {path.name for path in kept} == used
    assert max(path.stat().st_size for path in kept) < 100_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_that_a_page_names_is_one_of_its_keys(language):
    """A page of a topic may name the keys of any page."""
    all_keys = EVERYWHERE | {use.key for route in ROUTES for use in route.keys} | UNTIL_CTRL_7
    seen = set()
    for name, text in pages(language).items():
        route = ROUTE.get(name)
        own = {use.key for use in route.keys} if route is not None else all_keys
        named = set(KEY.findall(text))
        if name in ("buyer_request", "cards"):
            named.discard({"buyer_request": "F5", "cards": "F3"}[name])  # the key that opens it
        assert named - own - EVERYWHERE == set(), name
        seen |= named
    assert len(seen) > 25, "the search found next to nothing"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_of_a_page_is_in_its_help(language):
    for route in ROUTES:
        named = set(KEY.findall(pages(language)[route.id]))
        assert {use.key for use in route.keys} - named == set(), route.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_bold_text_is_a_text_of_the_window(language):
    """A button or a state that gets another name is renamed here, too."""
    texts = catalogue(language)
    for name, text in pages(language).items():
        for bold in BOLD.findall(text):
            known = bold in EMPHASIS[language] or bold.rstrip(".").casefold() in texts
            assert known or not bold, (name, bold)


def test_korean_pages_use_the_words_of_the_window():
    for name, text in pages("ko").items():
        assert rules.forbidden_word(text) is None, name
        for rule in (rules.no_plain_polite_form, rules.no_exclamation_mark):
            lines = text.replace("![", "[").splitlines()
            found = [rule(f"manual.{name}", line) for line in lines]
            assert [one for one in found if one] == [], name


def test_english_pages_use_the_words_of_the_window():
    for name, text in pages("en").items():
        assert rules.english_words(f"manual.{name}", text) is None, name
        assert "!" not in text.replace("![", ""), name


def test_the_search_finds_every_word_in_any_order_and_titles_first():
    manual = Manual("ko")
    assert manual.search("미처리")[0].topic.id == "open_money"
    found = {one.topic.id for one in manual.search("인터넷 끊겼")}
    assert "offline" in found
    assert manual.search("끊겼을 때 인터넷")[0].topic.id == "offline"
    assert manual.search("없는말씀") == [] and manual.search("  ") == []
    assert any("QR" in one.excerpt for one in manual.search("qr")), "case does not count"
    apart = unicodedata.normalize("NFD", "환불")
    assert [one.topic.id for one in manual.search(apart)] == [
        one.topic.id for one in manual.search("환불")
    ]


def test_results_of_a_search_show_text_without_marks():
    for word in ("F8", "환불", "1", "|", "**"):
        for one in Manual("ko").search(word):
            assert one.excerpt and not re.search(r"\*\*|\]\(|^\||^\d+\. ", one.excerpt)


def test_an_unknown_page_is_the_index():
    assert Manual("en").topic("nothing_of_that_name").id == INDEX


def test_the_manual_is_written_as_web_pages(tmp_path):
    written = write_html(tmp_path / "help")
    assert len(written) == 1 + sum(len(pages(language)) for language in LANGUAGES)
    for page in written:
        html = page.read_text("utf-8")
        assert "](" not in html and "**" not in html and ".md" not in html, page
        for where in re.findall(r'(?:href|src)="([^"]+)"', html):
            assert "://" not in where and (page.parent / where).is_file(), (page, where)
    assert write_html(tmp_path / "help") == written, "again into the same folder"


def test_foreign_marks_are_text_in_a_web_page():
    assert to_html("a < b & **c**") == "<p>a &lt; b &amp; <strong>c</strong></p>"
    assert to_html("| a | b |\n|---|---|\n| 1 | [x](y.md) |") == (
        '<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td><a href="y.html">x</a></td></tr>'
        "</table>"
    )


def test_the_command_lists_the_pages_or_writes_them(tmp_path):
    listed = show_help("en", None)
    assert "Unresolved money" in listed.lines and listed.code == 0
    (line,) = show_help("xx", tmp_path / "new" / "help").lines
    assert line == Translator("ko")(
        "commands.help_written",
        count=1 + 2 * len(pages("ko")),
        first=tmp_path / "new" / "help" / "index.html",
    )
