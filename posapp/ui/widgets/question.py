"""A question that has to be answered, asked without a loop of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from posapp.ui.widgets.announcing import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Label


class Question(QDialog):
    """Asks whether to do something that cannot be taken back easily.

    The safe answer has the focus and is what Enter and Esc give. Shown with ``open()``; it deletes
    itself when it is answered.

    Args:
        heading: the question in one line.
        words: what follows from it.
        yes: the deed, as a verb.
        no: the way back; the default.
        danger: the deed is red.
    """

    agreed = Signal()
    """The deed was chosen."""

    declined = Signal()
    """The way back was chosen, or Esc pressed."""

    def __init__(
        self,
        heading: str,
        words: str,
        yes: str,
        no: str,
        parent: QWidget | None = None,
        *,
        danger: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._heading = Label("heading", wraps=True)
        self._words = Label("body", wraps=True)
        self.say(heading, words)
        self.yes = Button("danger" if danger else "primary")
        self.yes.set_words(yes)
        self.yes.clicked.connect(self.accept)
        self.no = Button("secondary", "Esc")
        self.no.set_words(no)
        self.no.clicked.connect(self.reject)
        self.no.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 24)
        column.setSpacing(12)
        column.addWidget(self._heading)
        column.addWidget(self._words)
        column.addSpacing(16)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.no, 1)
        row.addWidget(self.yes, 1)
        column.addLayout(row)
        # Below the buttons: nothing moves under a hand when it comes.
        self._notice = Label("notice", wraps=True)
        self._notice.hide()
        column.addWidget(self._notice)
        self.setMinimumWidth(440)
        self.no.setFocus()
        self.accepted.connect(self.agreed)
        self.rejected.connect(self.declined)

    def show_notice(self, words: str) -> None:
        """Say something that is no part of the question."""
        self._notice.setText(words)
        self._notice.show()
        announce(self, words)

    def say(self, heading: str, words: str) -> None:
        """Set the question and what follows from it: things may change while it is up."""
        self.setWindowTitle(heading)
        self._heading.setText(heading)
        self._words.setText(words)
