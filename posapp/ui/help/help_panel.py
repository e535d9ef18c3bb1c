"""Help panel: one page of the manual, its links, and the search in all of them."""

from __future__ import annotations

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.help.manual import INDEX, SUFFIX, Found, Manual
from posapp.ui.help.manual_document import PICTURE, read_picture, show_markdown
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.search_field import SearchField
from posapp.ui.widgets.side_panel import MARGIN, WIDTH, SidePanel

_SCROLL_BAR = 12
_TEXT_MARGIN = 8
_PICTURE_WIDTH = WIDTH - 2 * (MARGIN + _TEXT_MARGIN) - _SCROLL_BAR - 8
"""Widest picture in pixels."""

_IMAGE = QTextDocument.ResourceType.ImageResource

_MARKED = "\\`*_{}[]<>()#+-!|"
"""Characters that Markdown may take for marks."""


class HelpPanel(SidePanel):
    """Shows pages in the language and the colours of the window. No link leaves the manual."""

    keys_requested = Signal()
    """Show the list of all keys."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget) -> None:
        self.contents = Button("quiet", text=texts.bind("help.contents"))
        self.back = Button("quiet", text=texts.bind("words.back"))
        super().__init__(texts, texts.bind("window.help"), self.back, self.contents, parent=parent)
        self._texts, self._theme = texts, theme
        self._manual = Manual(texts.language)
        self._visited: list[str] = []
        self._shown = ""
        self.search = SearchField(theme)
        self.search.setObjectName("helpSearch")
        texts.bind("help.search").show_in(self.search, QWidget.setAccessibleName)
        texts.bind("help.search_hint").show_in(self.search, SearchField.setPlaceholderText)
        self.keys = Button("secondary", text=texts.bind("keys.title"))
        texts.bind("help.keys_why").show_in(self.keys, QWidget.setToolTip)
        self.text = _ManualText()
        texts.bind("window.help").show_in(self.text, QWidget.setAccessibleName)
        self.text.document().setDocumentMargin(_TEXT_MARGIN)
        self.content.addLayout(boxes.row((self.search, 1), self.keys, gap=8))
        self.content.addWidget(self.text, 1)
        self.contents.clicked.connect(lambda: self.show_topic(INDEX))
        self.back.clicked.connect(self.go_back)
        self.keys.clicked.connect(self.keys_requested)
        self.search.searched.connect(self._search)
        self.search.picked.connect(self._open_first)
        self.search.moved.connect(self.text.scroll_by)
        self.text.anchorClicked.connect(self._follow)
        texts.changed.connect(self._retranslate)
        theme.changed.connect(self._draw)

    @property
    def topic(self) -> str:
        """Return the id of the page."""
        return self._visited[-1] if self._visited else ""

    def open_topic(self, name: str) -> None:
        """Show a page as the first one of a visit."""
        self._visited.clear()
        self.show_topic(name)

    def show_topic(self, name: str) -> None:
        """Show a page; Back leads to the one before. An unknown one is the index."""
        name = self._manual.topic(name).id
        if name != self.topic:
            self._visited.append(name)
        self.search.show_text("")
        self._draw()

    def go_back(self) -> None:
        """Show the page that was read before this one."""
        if len(self._visited) > 1:
            self._visited.pop()
        self.search.show_text("")
        self._draw()
        self.text.setFocus()

    def clear_search(self) -> bool:
        """Return to the page from the results of a search; ``False`` if there are none."""
        if not self.search.text():
            return False
        self.search.show_text("")
        self._draw()
        return True

    def _follow(self, link: QUrl) -> None:
        name = link.path()
        if link.isRelative() and name.endswith(SUFFIX):
            self.show_topic(name.removesuffix(SUFFIX))
            self.text.setFocus()

    def _search(self, text: str) -> None:
        if not text:
            self._draw()
            return
        found = self._manual.search(text)
        title = self._texts("help.found", count=len(found)) if found else self._texts("help.none")
        self._show(f"# {title}\n\n" + "\n\n".join(map(_result, found)))

    def _open_first(self) -> None:
        self.search.flush()
        found = self._manual.search(self.search.text())
        if found:
            self.show_topic(found[0].topic.id)
            self.text.setFocus()

    def _retranslate(self) -> None:
        self._manual = Manual(self._texts.language)
        if self.search.text():
            self._search(self.search.text())
        elif self._visited:
            self._draw()

    def _draw(self) -> None:
        self.back.setVisible(len(self._visited) > 1)
        if self._visited:
            self._show(self._manual.topic(self.topic).text)

    def _show(self, markdown: str) -> None:
        document = self.text.document()
        show_markdown(document, markdown, self._theme)
        for name in PICTURE.findall(markdown):
            path = self._manual.folder / name
            picture = read_picture(path, _PICTURE_WIDTH, self.devicePixelRatioF())
            document.addResource(_IMAGE, QUrl(name), picture)
        document.markContentsDirty(0, document.characterCount())
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        self.text.verticalScrollBar().setValue(0)


class _ManualText(QTextBrowser):
    """Scrolls by the arrows; Tab goes from link to link, Enter follows one."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "manual")
        self.setObjectName("helpText")
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setUndoRedoEnabled(False)

    def scroll_by(self, steps: int) -> None:
        """Scroll by lines, negative for up."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + steps * bar.singleStep())


def _result(found: Found) -> str:
    excerpt = "".join(f"\\{one}" if one in _MARKED else one for one in found.excerpt)
    return f"**[{found.topic.title}]({found.topic.id}{SUFFIX})**  \n{excerpt}"
