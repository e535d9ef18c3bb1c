"""Note of a sale, and the name by which it is known on hold, in the place of the tiles."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from posapp.services.sale.cart_service import LONGEST_NAME, LONGEST_NOTE
from posapp.ui.core.i18n import Translator
from posapp.ui.sale.cart_table import is_count_key
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.roles import Label


class NotePanel(QWidget):
    """Two lines of text. Enter keeps them; Esc is the page's."""

    agreed = Signal()
    """Keep what is typed."""

    closed = Signal()
    """Change nothing."""

    def __init__(self, texts: Translator) -> None:
        super().__init__()
        bind = texts.bind
        self.note = Field("saleNote")
        self.note.line.setMaxLength(LONGEST_NOTE)
        self.note.say(bind("sale.note"), bind("sale.note_hint"))
        self.name = Field("saleHoldName")
        self.name.line.setMaxLength(LONGEST_NAME)
        self.name.say(bind("sale.hold_name"), bind("sale.hold_name_hint"))
        self.said = Label("error", wraps=True)
        self.close_button = Button("quiet", text=bind("words.close"))
        self.keep_button = Button("secondary", "Enter", text=bind("sale.note_keep"))
        boxes.column(
            Label("heading", text=bind("sale.note")),
            boxes.row((self.note, 1), (self.name, 1), gap=8),
            *(self.said, 1),
            boxes.row(1, self.close_button, self.keep_button, gap=8),
            on=self,
            gap=8,
            margins=8,
        )
        for line in (self.note.line, self.name.line):
            line.returnPressed.connect(self.agreed)
        self.keep_button.clicked.connect(self.agreed)
        self.close_button.clicked.connect(self.closed)

    def show_kept(self, note: str, name: str) -> None:
        """Show what is kept with the sale."""
        self.say("")
        self.note.line.setText(note)
        self.name.line.setText(name)
        self.note.line.setFocus()

    def say(self, text: str) -> None:
        """Say why it was not kept."""
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep them by Enter, once; keys of the count are no count here."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.agreed.emit()
        elif not is_count_key(event):
            super().keyPressEvent(event)
