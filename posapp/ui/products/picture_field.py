"""The picture of a product in its form: what it is, and the ways to another one or none."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QWidget

from posapp.domain.errors import UserError
from posapp.ui.core.i18n import Translator
from posapp.ui.core.picture_file import rounded_picture
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.product_pictures import PictureView
from posapp.ui.widgets.roles import Label, set_role

SIDE = 96
"""Width and height of the picture in pixels."""

_DRAWN = 2 * SIDE
"""Pixels that are drawn, for screens that are scaled by two."""

_RADIUS = 16
_KINDS = "*.png *.jpg *.jpeg *.webp *.PNG *.JPG *.JPEG *.WEBP"
_WRONG = "✗"


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """A picture as it is stored, and as the form shows it; both are made off the GUI thread."""

    content: bytes = b""
    image: QImage = field(default_factory=QImage)


NO_PICTURE = DrawnPicture()


def drawn(content: bytes) -> DrawnPicture:
    """Return a stored picture with what the form shows of it."""
    return DrawnPicture(content, rounded_picture(content, _DRAWN, _RADIUS))


class PictureField(QWidget):
    """Shows a picture, or the first letter of the name. Files are dropped on the whole page."""

    chosen = Signal(object)
    """A file was chosen. Carries its ``Path``."""

    removed = Signal()
    """The picture is to be taken away."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts = texts
        self._dialog: QFileDialog | None = None
        self.picture = NO_PICTURE
        bind = texts.bind
        self.view = PictureView(theme, SIDE)
        self.choose = Button("secondary", text=bind("products.picture_choose"))
        self.choose.setObjectName("productPicture")
        self.remove = Button("quiet", text=bind("products.picture_remove"))
        self.remove.setObjectName("productPictureRemove")
        self.message = Label("muted", wraps=True)
        self.message.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        buttons = boxes.row(self.choose, self.remove, 1, gap=8)
        beside = boxes.column(buttons, self.message, 1, gap=4)
        boxes.column(
            Label("field", text=bind("products.picture")),
            boxes.row(self.view, (beside, 1), gap=12),
            on=self,
            gap=4,
        )
        self.choose.clicked.connect(self._ask_file)
        self.remove.clicked.connect(self.removed)
        texts.changed.connect(self._write)
        self._wrong: UserError | None = None
        self._write()

    def show_picture(self, picture: DrawnPicture) -> None:
        """Show a picture, or none, and nothing wrong."""
        had_focus = self.remove.hasFocus()
        self.picture, self._wrong = picture, None
        self.view.show_image(picture.image)
        self.remove.setVisible(bool(picture.content))
        if had_focus and not picture.content:
            self.choose.setFocus()
        self._write()

    def set_wrong(self, error: UserError) -> None:
        """Show why a file is no picture; what was shown before stays."""
        self._wrong = error
        self._write()
        announce(self.choose, self._texts.error(error), urgent=True)

    @Slot()
    def _ask_file(self) -> None:
        if self._dialog is not None:
            return
        texts = self._texts
        dialog = QFileDialog(self.window(), texts("products.picture_choose"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(f"{texts('products.picture_files')} ({_KINDS})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self.chosen.emit(Path(name)))
        dialog.finished.connect(self._closed)
        self._dialog = dialog
        dialog.open()

    @Slot()
    def _closed(self) -> None:
        self._dialog = None

    @Slot()
    def _write(self) -> None:
        wrong = self._texts.error(self._wrong) if self._wrong is not None else ""
        set_role(self.message, "role", "error" if wrong else "muted")
        shown = f"{_WRONG} {wrong}" if wrong else self._texts("products.picture_drop")
        self.message.setText(shown)
        self.choose.setAccessibleDescription(wrong)
