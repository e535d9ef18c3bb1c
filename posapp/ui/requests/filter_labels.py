"""Labels of the filters."""

from __future__ import annotations

from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.time_input import typed_form
from posapp.ui.requests.request_filter_state import RequestFilterState, active_names
from posapp.ui.requests.request_pager import RequestPager
from posapp.ui.requests.request_row_text import single_line

_LONGEST = 30


def filter_label(texts: Translator, filters: RequestFilterState, name: str) -> str:
    """Return the chip text of one active filter."""
    if name in ("since", "until"):
        at = getattr(filters, name)
        return texts(f"requests.chip_{name}", when=typed_form(at, to_the_end=name == "until"))
    if name == "number":
        return texts("requests.chip_number", number=filters.number)
    if name in ("buyer", "text"):
        return texts(f"requests.chip_{name}", text=single_line(getattr(filters, name), _LONGEST))
    if name == "oldest_first":
        return texts("requests.chip_oldest_first")
    value = getattr(filters, name).value
    if name == "money":
        return texts(f"requests.money_{value}")
    return texts(f"requests.{name}_{value}")


def filters_text(texts: Translator, filters: RequestFilterState) -> str:
    """Return all active filters on one line, or empty."""
    names = [name for name in active_names(filters) if name != "oldest_first"]
    return " · ".join(filter_label(texts, filters, name) for name in names)


def why_empty(texts: Translator, wanted: RequestFilterState) -> str:
    """Return why there is nothing to show."""
    if wanted.is_upside_down:
        return texts("requests.upside_down")
    filters = filters_text(texts, wanted)
    return (
        texts("requests.empty_filtered", filters=filters)
        if filters
        else texts("requests.empty_why")
    )


def page_text(texts: Translator, pages: RequestPager) -> str:
    """Return which page is shown, for screen readers."""
    rows, number = len(pages.rows), pages.number
    if number is None:
        return texts("requests.page_rows_last", rows=rows)
    return texts("requests.page_rows", page=grouped(number + 1), rows=rows)
