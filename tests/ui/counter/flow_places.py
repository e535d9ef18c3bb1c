"""Every flow of the counter, stopped in its middle, and what a change of looks may not change."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache

from PySide6.QtCore import QAbstractListModel, QModelIndex
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QWidget,
)

from posapp.domain.actors import Actor
from posapp.domain.requests import Decision
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.ui.core.resources import resource
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.toast import Toast
from tests.pictures.visits import VISITS, orders, until
from tests.ui.counter.scan_places import (
    a_cancel_question,
    a_live_qr_question,
    an_explanation,
    saved_filters,
    seller_of_requests,
    the_keys,
    what_is_pending,
)

TYPED = "단골 손님"
"""What a person typed: it belongs to them in every language."""


def _type(field: QLineEdit, text: str = TYPED) -> None:
    field.setFocus()
    field.setText(text)
    field.setSelection(1, 2)


def home_search(qtbot, counter, paid) -> None:
    counter.go_home()
    _type(counter.home.search)


def home_refused(qtbot, counter, paid) -> None:
    counter.go_home()
    counter.home.show_unknown("999999")


def cards(qtbot, counter, paid) -> None:
    counter.window.show_screen("cards")
    field = next(one for one in counter.screens.page("cards").findChildren(QLineEdit))
    _type(field, "123")


def order_search(qtbot, counter, paid) -> None:
    page = counter.screens.page("orders")
    counter.window.show_screen("orders")
    until(lambda: counter.runner.busy == 0)  # of today: none or few just after midnight
    _type(page.search, "010")
    page.search.flush()
    until(lambda: counter.runner.busy == 0 and page.model.rowCount() > 3)
    page.table.select_by(2)


def ready(qtbot, counter, paid) -> None:
    VISITS["pay_ready"].open(counter)


def qr(qtbot, counter, paid) -> None:
    VISITS["pay_qr"].open(counter)


def buyer_pays(qtbot, counter, paid) -> None:
    """The link is opened, and the result is awaited."""
    VISITS["pay_qr"].open(counter)
    pay = counter.screens.pay
    counter.demo.sandbox.books.open(pay.progress.attempt.merchant_uid)
    until(lambda: pay.progress.phase is PaymentPhase.PAYING)


def qr_elsewhere(qtbot, counter, paid) -> None:
    VISITS["pay_qr"].open(counter)
    counter.window.show_screen("orders")
    until(lambda: counter.runner.busy == 0)


def succeeded(qtbot, counter, paid) -> None:
    VISITS["pay_paid"].open(counter)


def failed(qtbot, counter, paid) -> None:
    VISITS["pay_qr"].open(counter)
    pay = counter.screens.pay
    counter.demo.sandbox.books.fail(pay.progress.attempt.merchant_uid)
    until(lambda: pay.progress.phase is PaymentPhase.FAILED)


def stopped(qtbot, counter, paid) -> None:
    VISITS["pay_qr"].open(counter)
    pay = counter.screens.pay
    pay._stop()
    until(lambda: pay.progress.phase is PaymentPhase.STOPPED)


def leaving_question(qtbot, counter, paid) -> None:
    a_live_qr_question(qtbot, counter, paid)


def cancel_question(qtbot, counter, paid) -> None:
    a_cancel_question(qtbot, counter, paid)
    _type(QApplication.activeModalWidget().findChild(QLineEdit, "cancelReason"))


def cancel_page(qtbot, counter, paid) -> None:
    VISITS["cancel"].open(counter)
    form = counter.screens.page("cancel").view.form
    until(form.button.isEnabled)
    _type(form.form.reason_field.line)


def order_page(qtbot, counter, paid) -> None:
    VISITS["order"].open(counter)


def desk_row(qtbot, counter, paid) -> None:
    counter.screens.open_requests(seller_of_requests(counter))
    page = counter.screens.page("requests")
    until(lambda: counter.runner.busy == 0 and page.model.rowCount() > 2)
    page.view.view.select(2)


def desk_search(qtbot, counter, paid) -> None:
    desk_row(qtbot, counter, paid)
    page = counter.screens.page("requests")
    _type(page.view.search, "1")
    page.view.search.flush()


def desk_filters(qtbot, counter, paid) -> None:
    desk_row(qtbot, counter, paid)
    page = counter.screens.page("requests")
    page.view.filters.open_panel()
    _type(page.view.filters.panel.buyer.line, "12")


def decision_question(qtbot, counter, paid) -> None:
    counter.screens.open_requests(seller_of_requests(counter))
    page = counter.screens.page("requests")
    until(lambda: page.model.rowCount() > 0)
    row = next(row for row in page.model.rows if row.state.value == "WAIT")
    page.decisions.start_with(Decision.REJECT, (row,))
    until(lambda: QApplication.activeModalWidget() is not None)
    _type(QApplication.activeModalWidget().note.line)


def decision_refused(qtbot, counter, paid) -> None:
    decision_question(qtbot, counter, paid)
    QApplication.activeModalWidget().fail(counter.texts.bind("requests.reject_first"))


def filters_to_save(qtbot, counter, paid) -> None:
    saved_filters(qtbot, counter, paid)
    until(lambda: QApplication.activeModalWidget() is not None)
    _type(QApplication.activeModalWidget().name)


def delivery_row(qtbot, counter, paid) -> None:
    counter.window.show_screen("deliveries")
    page = counter.screens.page("deliveries")
    until(lambda: counter.runner.busy == 0 and page.model.rowCount() > 3)
    page.table.select(2)
    page.table.setFocus()


def delivery_search(qtbot, counter, paid) -> None:
    delivery_row(qtbot, counter, paid)
    page = counter.screens.page("deliveries")
    _type(page.view.search, "1")
    page.view.search.flush()


def end_undo(counter) -> None:
    """Let everything that is offered to be taken back expire."""
    if counter.window.made("deliveries") is not None:
        stack = counter.screens.page("deliveries").undo_stack
        for entry in tuple(stack._entries):
            stack.clear(entry.owner)


def delivery_undo(qtbot, counter, paid) -> None:
    delivery_row(qtbot, counter, paid)
    page = counter.screens.page("deliveries")
    at = next(at for at, row in enumerate(page.model.rows) if not page._why_not(row))
    page.table.select(at)
    page._show_current()
    page.view.step.click()
    offer = counter.window.status_bar.undo
    until(lambda: offer.isVisible() or page.banner.isVisible())
    assert offer.isVisible(), page.banner.message
    page.undo_stack._timer.stop()  # its time stands still until ``end_undo``


def half_a_request(qtbot, counter, paid) -> None:
    lists = counter.demo.container.buyer_lists
    buyers = (Actor.buyer(order.buyer_id) for order in orders(counter))
    buyer, item = next(
        (buyer, page.rows[0])
        for buyer in buyers
        if (page := lists.requestable_items(buyer, 1)).rows
    )
    counter.screens.open("buyer_request", {"actor": buyer, "item_id": item.item_id})
    page = counter.screens.page("buyer_request")
    until(lambda: counter.runner.busy == 0 and page.form.isVisible())
    page.form.kind.choose(page.form.kind.keys[1])
    _type(page.form.reason.line)


def sync(qtbot, counter, paid) -> None:
    counter.window.show_screen("sync")


def open_money(qtbot, counter, paid) -> None:
    counter.window.show_screen("open_money")


def explanation(qtbot, counter, paid) -> None:
    an_explanation(qtbot, counter, paid)
    _type(QApplication.activeModalWidget().why)


def paper(qtbot, counter, paid) -> None:
    VISITS["receipt"].open(counter)


def more(qtbot, counter, paid) -> None:
    counter.window.show_screen("more")


def closing(qtbot, counter, paid) -> None:
    what_is_pending(qtbot, counter, paid)


def keys(qtbot, counter, paid) -> None:
    the_keys(qtbot, counter, paid)


FLOWS = (
    *(home_search, home_refused, cards, order_search, order_page, cancel_page, paper, more),
    *(ready, qr, buyer_pays, qr_elsewhere, succeeded, failed, stopped, leaving_question),
    *(cancel_question, desk_row, desk_search, desk_filters, decision_question, decision_refused),
    *(filters_to_save, delivery_row, delivery_search, delivery_undo, half_a_request),
    *(sync, open_money, explanation, closing, keys),
)


def roots(counter) -> list[QWidget]:
    dialog = QApplication.activeModalWidget()
    return [counter.window, *([dialog] if dialog is not None else [])]


def what_is_there(counter) -> dict[str, object]:
    """Everything that has to stay: page, phase, dialog, focus, rows, ticks, texts typed, keys."""
    dialog = QApplication.activeModalWidget()
    found: dict[str, object] = {
        "page": counter.window.current,
        "before": counter.window.before,
        "dialog": dialog,
        "focus": QApplication.focusWidget(),
    }
    pay = counter.window.made("pay")
    if pay is not None and pay.progress is not None:
        found["payment"] = (pay.progress.attempt.id, pay.progress.phase, pay.is_live)
        found["code"] = pay.view.qr.code.is_scannable
    for root in roots(counter):
        for line in root.findChildren(QLineEdit):
            if line.isVisible():
                found[f"line {id(line)}"] = (
                    *(line.text(), line.cursorPosition(), line.selectedText()),
                )
        for view in root.findChildren(QAbstractItemView):
            if view.isVisible():
                found[f"row {id(view)}"] = (
                    view.currentIndex().row(),
                    view.model().rowCount(QModelIndex()),
                )
        for button in root.findChildren(QAbstractButton):
            if button.isVisible() and button.objectName() != "syncLamp":
                looks = (button.isChecked(), button.isEnabled())
                found[f"button {button.objectName()} {id(button)}"] = looks
                if isinstance(button, Button) and not button.shortcut().isEmpty():
                    found[f"key {button.shortcut().toString()}"] = id(button)
        for shortcut in root.findChildren(QShortcut):
            if shortcut.parent().isVisible() and not shortcut.key().isEmpty():
                found[f"shortcut {shortcut.key().toString()}"] = id(shortcut)
    return found


def texts_on(counter) -> Iterator[tuple[QWidget, str]]:
    """Every text that is shown or read aloud, with its widget, but what is typed."""
    for root in roots(counter):
        for one in (root, *root.findChildren(QWidget)):
            if not one.isVisible() or isinstance(one.parent(), Toast):
                continue  # a toast says the change of language in both
            said = [one.accessibleName(), one.accessibleDescription()]
            if not isinstance(one, QLineEdit):
                said.append(one.toolTip())
            if isinstance(one, (QLabel, QAbstractButton)):
                said.append(one.text())
            if isinstance(one, QLineEdit):
                said.append(one.placeholderText())
            if isinstance(one, QAbstractItemView):
                model = one.model()
                rows = model.rowCount(QModelIndex())
                is_list = isinstance(model, QAbstractListModel)
                columns = 1 if is_list else model.columnCount(QModelIndex())
                said += [
                    str(model.index(row, column).data() or "")
                    for row in range(min(20, rows))
                    for column in range(columns)
                ]
            for text in said:
                yield from ((one, line) for line in text.split("\n") if line)


@cache
def _korean() -> re.Pattern[str]:
    """Every Korean message of the catalogues whose English one is another."""
    english, found = messages("en"), []
    for message_id, korean in messages("ko").items():
        parts = re.split(r"\{[^}]*\}", korean)
        own = "".join(parts)
        if english[message_id] == korean or len(re.findall("[가-힣]", own)) < 2:
            continue
        found.append(".*".join(re.escape(part) for part in parts))
    return re.compile("|".join(f"(?:{one})" for one in found), re.DOTALL)


def messages(language: str) -> dict[str, str]:
    """Every message of a language by its id."""
    found = {}
    for path in sorted(resource("i18n", language).glob("*.toml")):
        for key, text in tomllib.loads(path.read_text(encoding="utf-8")).items():
            found[f"{path.stem}.{key}"] = text
    return found


def left_in_korean(counter) -> list[tuple[str, str]]:
    """Texts of the program that are still Korean, with the widgets that show them."""
    return [
        (f"{type(one).__name__} {one.objectName()}", text)
        for one, text in texts_on(counter)
        if TYPED not in text and _korean().fullmatch(text.replace("\u200b", ""))
    ]
