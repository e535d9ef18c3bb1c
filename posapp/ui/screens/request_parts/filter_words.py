"""Filters in the words of the screen."""

from __future__ import annotations

from posapp.ui.formats import grouped
from posapp.ui.i18n import Texts
from posapp.ui.models.requests_asked import Asked, shown_names
from posapp.ui.models.requests_lines import one_line
from posapp.ui.models.requests_pages import RequestPages
from posapp.ui.screens.request_parts.typed_time import typed_form

_LONGEST = 30


def filter_words(texts: Texts, asked: Asked, name: str) -> str:
    """One filter in use, as a chip says it."""
    if name in ("since", "until"):
        at = getattr(asked, name)
        return texts(f"requests.chip_{name}", when=typed_form(at, to_the_end=name == "until"))
    if name == "number":
        return texts("requests.chip_number", number=asked.number)
    if name in ("buyer", "text"):
        return texts(f"requests.chip_{name}", text=one_line(getattr(asked, name), _LONGEST))
    if name == "oldest_first":
        return texts("requests.chip_oldest_first")
    value = getattr(asked, name).value
    if name == "money":
        return texts(f"requests.money_{value}")
    return texts(f"requests.{name}_{value}")


def all_words(texts: Texts, asked: Asked) -> str:
    """All filters in use on one line, or empty."""
    names = [name for name in shown_names(asked) if name != "oldest_first"]
    return " · ".join(filter_words(texts, asked, name) for name in names)


def why_empty(texts: Texts, asked: Asked) -> str:
    """Why there is nothing to show."""
    if asked.is_upside_down:
        return texts("requests.upside_down")
    filters = all_words(texts, asked)
    return (
        texts("requests.empty_filtered", filters=filters)
        if filters
        else texts("requests.empty_why")
    )


def page_words(texts: Texts, pages: RequestPages) -> str:
    """Which page is shown, for those who cannot see it."""
    rows, number = len(pages.rows), pages.number
    if number is None:
        return texts("requests.page_rows_last", rows=rows)
    return texts("requests.page_rows", page=grouped(number + 1), rows=rows)
