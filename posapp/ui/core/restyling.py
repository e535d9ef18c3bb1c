"""Another style sheet for the widgets that exist: a hidden page takes it when it is shown.

By itself Qt styles every widget of the program again, the hidden ones too: 1.3 s for 1,700 of them.
Each one is styled here by itself, which takes a fifteenth (docs/performance.md, "Another theme").
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget


class Restyling(QObject):
    """Replaces the application's style sheet, and keeps which pages still have the old one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._late: set[QWidget] = set()

    def change(self, app: QApplication, rules: str, pages: Iterable[QWidget]) -> None:
        """Replace the style sheet.

        Args:
            rules: of the new one.
            pages: are styled when they are shown, those of them that are hidden now.
        """
        app.style().unpolish(app)  # Qt forgets which widgets it has styled, and so styles none now
        app.setStyleSheet(rules)
        for page in pages:
            if not page.isVisible() and page not in self._late:
                self._late.add(page)
                page.installEventFilter(self)
        for window in app.topLevelWidgets():
            _style(_parts(window, self._late))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Style a page before it is painted; pass every event on."""
        if event.type() is QEvent.Type.Show and isinstance(watched, QWidget):
            watched.removeEventFilter(self)
            self._late.discard(watched)
            _style(_parts(watched, ()))
        return False


def _parts(widget: QWidget, without: Container[QWidget]) -> Iterator[QWidget]:
    """Yield a widget that Qt has styled and all such in it, parents first; no other window."""
    if widget in without:
        return
    if widget.testAttribute(Qt.WidgetAttribute.WA_StyleSheet):
        yield widget
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    for child in widget.findChildren(QWidget, options=direct):
        if not child.isWindow():
            yield from _parts(child, without)


def _style(widgets: Iterable[QWidget]) -> None:
    """Style widgets anew, and tell them, as Qt does at another style sheet."""
    styled = list(widgets)
    for widget in styled:
        widget.style().polish(widget)
    for widget in styled:
        QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))
