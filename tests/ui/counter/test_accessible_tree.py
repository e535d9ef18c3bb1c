"""What a screen reader finds on every page: names, roles, order, and nothing private at the QR."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QCheckBox,
    QLineEdit,
    QTextEdit,
    QWidget,
)

from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.shell.routes import APPEARANCE, ROUTE
from posapp.ui.widgets.choice_menu import ChoiceMenu
from posapp.ui.widgets.seller_picker import SellerPicker
from tests.conftest import PatientBot
from tests.pictures.visits import VISITS, leave, unpaid
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.scanner.typing_hands import Keyboard

pytestmark = pytest.mark.slow

ROLE = QAccessible.Role

ROLES: tuple[tuple[type[QWidget], frozenset[QAccessible.Role]], ...] = (
    (QCheckBox, frozenset({ROLE.CheckBox})),
    (
        QAbstractButton,
        frozenset({ROLE.Button, ROLE.CheckBox, ROLE.RadioButton, ROLE.ButtonMenu, ROLE.PageTab}),
    ),
    (QLineEdit, frozenset({ROLE.EditableText})),
    (QTextEdit, frozenset({ROLE.EditableText, ROLE.Document, ROLE.StaticText})),
    (QAbstractItemView, frozenset({ROLE.Table, ROLE.List, ROLE.Tree})),
)
"""What each kind of widget is to a screen reader."""

ACTING = frozenset().union(*(roles for _, roles in ROLES)) - {ROLE.StaticText}

ROWS = 12
"""Children of a table that are read: its columns, and the first rows."""

CATALOGUES = (Path(__file__).parents[3] / "resources" / "i18n" / "en").glob("*.toml")
MESSAGE_ID = re.compile(rf"(?:{'|'.join(one.stem for one in CATALOGUES)})\.\w+")
"""Not every word with a point in it: ``order_lines.csv`` is the name of a file."""

HANGUL = re.compile("[가-힣]")


@dataclass(frozen=True)
class Node:
    """One element of the tree."""

    role: QAccessible.Role
    name: str
    description: str
    is_focusable: bool
    widget: QWidget | None

    def __str__(self) -> str:
        return f"{self.role.name} {type(self.widget).__name__} {self.name!r}"


def nodes(interface: QAccessibleInterface | None) -> Iterator[Node]:
    """Walk the tree of what is shown, parents first."""
    if interface is None or not interface.isValid() or interface.state().invisible:
        return
    made = interface.object()
    yield Node(
        interface.role(),
        interface.text(QAccessible.Text.Name),
        interface.text(QAccessible.Text.Description),
        bool(interface.state().focusable),
        made if isinstance(made, QWidget) else None,
    )
    count = interface.childCount()
    is_table = interface.role() in (ROLE.Table, ROLE.List, ROLE.Tree)
    for at in range(min(count, ROWS) if is_table else count):
        yield from nodes(interface.child(at))


@pytest.fixture(scope="module")
def shared(qapp, request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    with demo_counter(PatientBot(request), folder, Keyboard().clock) as counter:
        yield counter


@pytest.fixture(params=VISITS)
def shown(qtbot, shared, request):
    """A state of a page; afterwards the first page, in Korean."""
    VISITS[request.param].open(shared)
    settle(qtbot, shared)
    yield request.param, shared
    shared.texts.set_language("ko")
    leave(shared)


def settle(qtbot, counter) -> None:
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    QApplication.processEvents()


def tree(counter) -> list[Node]:
    return list(nodes(QAccessible.queryAccessibleInterface(counter.window)))


def test_every_page_reads_as_it_looks(qtbot, shown):
    """Once opened, a page is read in each language: opening them is what takes time."""
    state, counter = shown
    has_read_focus(counter, state)
    for language in LANGUAGES:
        counter.texts.set_language(language)
        settle(qtbot, counter)
        found = tree(counter)
        assert unnamed(found) == [], language
        assert wrong_roles(found) == []
        texts = [text for node in found for text in (node.name, node.description) if text]
        assert [text for text in texts if MESSAGE_ID.fullmatch(text)] == [], (
            "a message without text"
        )
        assert counter.window.head.title.text() in texts
        route = ROUTE[VISITS[state].route]
        assert {counter.texts(one.name) for one in ROUTE.values() if one.tab} <= set(texts), route
        in_order(counter, found)
        if language == "en":
            assert korean_buttons(found) == [] or state == APPEARANCE, (
                "the name of a language is written in it"
            )


def unnamed(found: list[Node]) -> list[str]:
    """What can be pressed, typed into or focused, and has no name."""
    return [
        str(node)
        for node in found
        if (node.role in ACTING or node.is_focusable)
        and node.widget is not None
        and not node.name.strip()
        and not is_part_of_named(node.widget)
    ]


def is_part_of_named(widget: QWidget) -> bool:
    """Whether it is a text, or Qt's own part of a named widget, such as its scroll area."""
    parent = widget.parentWidget()
    return widget.objectName().startswith("qt_") or (
        parent is not None
        and parent.focusProxy() is widget
        and bool(parent.accessibleName().strip())
    )


def wrong_roles(found: list[Node]) -> list[str]:
    wrong = []
    for node in found:
        fitting = next((roles for kind, roles in ROLES if isinstance(node.widget, kind)), None)
        if fitting is not None and node.role not in fitting:
            wrong.append(str(node))
    return wrong


def in_order(counter, found: list[Node]) -> None:
    """Tabs, head, page and status line are read from top to bottom, each as a whole."""
    window = counter.window
    page = window.screen_named(window.current)
    parts = (window.top_bar, window.head, page, window.status_bar)
    places = []
    for node in found:
        for number, part in enumerate(parts):
            if node.widget is not None and (node.widget is part or part.isAncestorOf(node.widget)):
                places.append(number)
    assert places == sorted(places) and set(places) == set(range(len(parts)))
    heights = [part.mapTo(window, part.rect().topLeft()).y() for part in parts]
    assert heights == sorted(heights)


def has_read_focus(counter, state: str) -> None:
    """What has the focus is in the tree, with a name."""
    focused = QApplication.focusWidget()
    assert focused is not None
    named = [node for node in tree(counter) if node.widget is focused]
    page = counter.window.screen_named(counter.window.current)
    assert focused is page or [node.name for node in named if node.name.strip()], state


def korean_buttons(found: list[Node]) -> list[str]:
    """Buttons of the program with Korean names: what the shop's records and files contain stays as
    it is."""
    buttons = [
        node
        for node in found
        if isinstance(node.widget, QAbstractButton)
        and node.widget.property("role") in BUTTONS
        and not isinstance(node.widget, (SellerPicker, ChoiceMenu))
    ]
    return [str(node) for node in buttons if HANGUL.search(node.name)]


BUTTONS = {"primary", "secondary", "danger", "quiet", "kakao", "tab"}


def test_nothing_private_is_read_while_a_qr_is_shown(qtbot, shared):
    order = unpaid(shared)
    with shared.demo.container.store.snapshot() as uow:
        buyer = uow.catalogue.existing_users([order.buyer_id])[order.buyer_id]
    VISITS["pay_qr"].open(shared)
    settle(qtbot, shared)
    texts = " ".join(f"{node.name} {node.description}" for node in tree(shared))
    leave(shared)
    assert str(order.id) in texts
    digits = re.sub(r"\D", "", buyer.phone)
    assert digits not in re.sub(r"\D", "", texts) and buyer.phone not in texts
    assert buyer.email not in texts


def test_the_help_is_read_too(qtbot, shared):
    shared.window.help.open()
    found = tree(shared)
    shared.window.help.close()
    names = [node.name for node in found]
    assert names.count(shared.texts("window.help")) >= 3, (
        "panel, text, and the button that opens it"
    )
    assert unnamed(found) == [] and wrong_roles(found) == []
