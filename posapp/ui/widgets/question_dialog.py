"""Confirmation dialog without an event loop of its own."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Label


class QuestionDialog(QDialog):
    """Asks before an action that cannot be undone easily.

    The safe answer has the focus and is the result of Enter and Esc. Shown with ``open()``; it
    deletes itself when it is answered.

    Args:
        heading: the question in one line.
        text: the consequence.
        yes: the action, as a verb.
        no: the safe answer; the default.
        danger: the action is red.
    """

    agreed = Signal()
    """The action was chosen."""

    declined = Signal()
    """The safe answer was chosen, or Esc pressed."""

    def __init__(
        self,
        heading: str,
        text: str,
        yes: str,
        no: str,
        parent: QWidget | None = None,
        *,
        danger: bool = True,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._heading = Label("heading", wraps=True)
        self._text_label = Label("body", wraps=True)
        self.say(heading, text)
        self.yes = Button("danger" if danger else "primary")
        self.yes.set_text(yes)
        self.yes.clicked.connect(self.accept)
        self.no = Button("secondary", "Esc")
        self.no.set_text(no)
        self.no.clicked.connect(self.reject)
        self.no.setDefault(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 32, 32, 24)
        column.setSpacing(12)
        column.addWidget(self._heading)
        column.addWidget(self._text_label)
        column.addSpacing(16)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.no, 1)
        row.addWidget(self.yes, 1)
        column.addLayout(row)
        # Below the buttons, so that showing it moves no button.
        self._notice = Label("notice", wraps=True)
        self._notice.hide()
        column.addWidget(self._notice)
        self.setMinimumWidth(440)
        self.no.setFocus()
        self.accepted.connect(self.agreed)
        self.rejected.connect(self.declined)

    def show_notice(self, text: str) -> None:
        """Show a message that is not part of the question."""
        self._notice.setText(text)
        self._notice.show()
        announce(self, text)

    def say(self, heading: str, text: str) -> None:
        """Set the question and its consequence, which may change while the dialog is open."""
        self.setWindowTitle(heading)
        self._heading.setText(heading)
        self._text_label.setText(text)
