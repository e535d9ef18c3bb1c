"""Panel in which a person says which column of a file holds what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from posapp.domain.orders import ItemStatus
from posapp.services.importing import ColumnChoice
from posapp.services.importing.titles import AUTOMATIC, DERIVABLE, NAMES, OPTIONAL
from posapp.ui.core.i18n import Translator
from posapp.ui.core.status_text import of_item
from posapp.ui.widgets import boxes
from posapp.ui.widgets.choice_menu import ChoiceMenu
from posapp.ui.widgets.roles import Frame, Label

_AS_IS = ""
"""Key of the choice that leaves a column to the program."""

_TITLE, _VALUE = "title", "value"
_GAP = 12
_WIDE = 1100
"""Width in pixels from which two columns of choices are side by side."""

_STATUSES = (ItemStatus.WAITING_FOR_PAYMENT, ItemStatus.CANCEL)


class ColumnMapper(Frame):
    """One row for each column of ours: a title of the file, or what stands in for it."""

    def __init__(self, texts: Translator, parent: QWidget | None = None) -> None:
        super().__init__("panel", parent)
        self._texts = texts
        self._titles: tuple[str, ...] = ()
        self._found: dict[str, str] = {}
        self.menus = {key: ChoiceMenu() for key in NAMES}
        self._labels = {key: Label("field", wraps=True) for key in NAMES}
        self._why = Label("muted", wraps=True, text=texts.bind("import_page.map_why"))
        self._inside = Frame("panel")
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(0, 0, _GAP, 0)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(8)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setProperty("role", "panel")
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setWidget(self._inside)
        boxes.column(
            self._why,
            (self.area, 1),
            on=self,
            gap=_GAP,
            margins=4,
        )
        self._columns = 0
        self.setFocusProxy(self.menus["order_id"])
        texts.changed.connect(self._write)

    def show_choice(
        self, titles: Sequence[str], choice: ColumnChoice, found: Mapping[str, str]
    ) -> None:
        """Show what was chosen for a file with these titles.

        Args:
            found: the titles that the program found by itself, by our column name.
        """
        self._titles, self._found = tuple(titles), dict(found)
        for key, menu in self.menus.items():
            menu.picked = _AS_IS
            if key in choice.columns:
                menu.picked = (_TITLE, choice.columns[key])
            elif key in choice.values:
                menu.picked = (_VALUE, choice.values[key])
        self._write()

    @property
    def choice(self) -> ColumnChoice:
        """Return what is chosen now."""
        columns: dict[str, str] = {}
        values: dict[str, str] = {}
        for key, menu in self.menus.items():
            if isinstance(menu.picked, tuple):
                kind, text = menu.picked
                (columns if kind == _TITLE else values)[key] = text
        return ColumnChoice(columns, values)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the choices side by side where there is room."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = 2 if self.width() >= _WIDE else 1
        if columns == self._columns:
            return
        self._columns = columns
        rows = -(-len(NAMES) // columns)
        for at, key in enumerate(NAMES):
            side, row = divmod(at, rows)
            self._grid.addWidget(self._labels[key], row, 2 * side)
            self._grid.addWidget(self.menus[key], row, 2 * side + 1)
        self._grid.setRowStretch(len(NAMES), 1)
        for column in range(4):
            self._grid.setColumnStretch(column, (1, 2, 1, 2)[column] if column < 2 * columns else 0)

    def _write(self) -> None:
        texts = self._texts
        for key, menu in self.menus.items():
            name = texts(f"import_page.column_{key}")
            optional = texts("import_page.optional") if key in OPTIONAL else ""
            self._labels[key].setText(f"{name} {optional}".strip())
            found = self._found.get(key)
            own = texts("import_page.map_found" if found else "import_page.map_own", title=found)
            choices: list[tuple[object, str]] = [(_AS_IS, own)]
            choices += [((_TITLE, title), title) for title in self._titles]
            if key in DERIVABLE:
                choices.append(((_VALUE, AUTOMATIC), texts("import_page.map_auto")))
            if key == "status":
                choices += [
                    ((_VALUE, status.value), texts("import_page.map_all", value=label))
                    for status in _STATUSES
                    for label in (of_item(texts, status).label,)
                ]
            if isinstance(menu.picked, tuple) and menu.picked not in dict(choices):
                choices.append((menu.picked, menu.picked[1]))
            menu.show_choices(name, choices, menu.picked)
