"""Base class of the pages in the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.roles import Frame

if TYPE_CHECKING:
    from posapp.services.bookkeeping.print_log import PrintRecord
    from posapp.services.container import Container
    from posapp.services.ports.sound_player import SoundPlayer
    from posapp.services.ports.system import Clock
    from posapp.services.sync.sync_status import SyncSnapshot
    from posapp.ui.core.record_reader import RecordReader
    from posapp.ui.core.sync_worker import SyncWorker
    from posapp.ui.display.buyer_display import BuyerDisplay
    from posapp.ui.printing.roll_printing import RollPrinting
    from posapp.ui.widgets.undo import UndoStack


@dataclass(frozen=True, slots=True)
class ScreenContext:
    """What a page may be made of.

    Attributes:
        texts: the translator.
        theme: the theme.
        runner: runs work that reads or writes outside the GUI thread.
        worker: the background worker, whose ``wake`` a page may need.
        clock: the clock of the program.
        services: the use cases and queries.
        shop: the shop's name.
        exports: the shop's folder of exported files; ``None`` is the user's documents.
        filter_store: stores the saved filters of the request desk.
        sync_reports: reads the sync report again whenever something changed.
        undo: what can be taken back now; the status line offers it.
        sounds: plays what is to be heard.
        display: the buyer's display.
        roll: the shop's receipt printer, if the program has any.
        printed: the prints of this run, by their paper's name.
    """

    texts: Translator
    theme: Theme
    runner: TaskRunner
    worker: SyncWorker
    clock: Clock
    services: Container
    shop: str
    exports: Path | None
    filter_store: Any
    sync_reports: RecordReader[SyncSnapshot]
    undo: UndoStack
    sounds: SoundPlayer
    display: BuyerDisplay
    roll: RollPrinting | None = None
    printed: dict[str, PrintRecord] = field(default_factory=dict)


class Screen(Frame):
    """A page: a title in the head, a body, and what it does with the worker's news.

    A subclass makes its widgets in the constructor, reads nothing there, and has ``open`` read and
    show what it is given. The window calls ``build`` at the first visit, and ``open`` at each one
    that names something to show.

    The news arrive whichever page is current, once the page was made.
    """

    fits_any_size = False
    """Whether the page arranges itself in a window below the smallest size. Others scroll there."""

    go_requested = Signal(str, object)
    """Show another page. Carries its id and the arguments of its ``open``, by name."""

    home_requested = Signal()
    """The work on the page is over: show the first page, reset for the next user."""

    back_requested = Signal()
    """Lead to where the visit began, as the window's Back does."""

    notified = Signal(str)
    """Carries a short message for a toast."""

    head_changed = Signal()
    """``subtitle``, ``title`` or ``leads_home`` changed."""

    item_changed = Signal(object)
    """The page changed an order's records. Carries the order's id."""

    staff_edited = Signal(object)
    """The page changed the staff. Carries the ``StaffTile`` of who is signed in by that, or
    ``None``."""

    order_scanned = Signal(str)
    """A code that the page took names an order, which is to be opened. Carries the code."""

    sent = Signal(object)
    """Refunds that the user released for sending. Carries their ids."""

    cash_due = Signal(object, object)
    """Cash is to be handed to a buyer now; the records have it. Carries the order's id and the
    won."""

    cash_handed_out = Signal(object, object)
    """The records have cash that left the drawer for items of an order, each with a refund slip.
    Carries the order's id and the items' ids."""

    if TYPE_CHECKING:
        open: Callable[..., None]

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("page", parent)
        self._texts, self._theme, self._runner = texts, theme, runner
        self._subtitle = ""
        self._title = ""

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        return cls(context.texts, context.theme, context.runner)

    def go_to(self, page: str, **arguments: object) -> None:
        """Show another page with what it is given."""
        self.go_requested.emit(page, arguments)

    @property
    def title(self) -> str:
        """Return the title, if it differs from its route's; otherwise empty."""
        return self._title

    @property
    def subtitle(self) -> str:
        """Return the text beside the title, or empty."""
        return self._subtitle

    def set_head(self, *, title: str | None = None, subtitle: str | None = None) -> None:
        """Set the title, the text beside it, or both; ``None`` leaves one as it is."""
        before = self._title, self._subtitle
        self._title = before[0] if title is None else title
        self._subtitle = before[1] if subtitle is None else subtitle
        if (self._title, self._subtitle) != before:
            self.head_changed.emit()

    @property
    def head_actions(self) -> QWidget | None:
        """Return the widget at the right end of the head, if the page has one."""
        return None

    def leads_home(self, before: str) -> bool:
        """Return whether Back ends the visit and leads to the first page.

        Args:
            before: the page that was visited before this one.
        """
        return False

    def enter(self) -> None:
        """Prepare a visit that begins with nothing to show: by a tab or a key, not by Back."""

    def may_leave(self) -> bool:
        """Return whether Back may leave the page now.

        ``False`` keeps it: it then asks the user, and leads away itself if they agree.
        """
        return True

    def focus_search(self) -> bool:
        """Empty and focus the search of the page (F2).

        Returns:
            ``False`` if the page has none.
        """
        return False

    def clear(self) -> None:
        """Reset the page for the next user."""

    @property
    def begins_sale(self) -> bool:
        """Return whether a scanned product leads from here to the sale at once. From any other page
        a notice offers it, and the page stays."""
        return False

    @property
    def keeps_shown(self) -> bool:
        """Return whether the page stays on screen beside the lock: a buyer looks at it."""
        return False

    def set_locked(self, locked: bool) -> None:
        """Show nothing of a buyer, and take no key, while the till is locked."""

    def staff_changed(self) -> None:
        """Take note that another member of staff signed in: drop what was another one's."""

    def forget_typed(self) -> None:
        """Forget what is typed and not stored: another person is at the till, or the same one came
        back after a long time."""

    @property
    def why_stay(self) -> str:
        """Return why a scan may not lead away now: a message id, or empty."""
        return ""

    def take_scan(self, code: str) -> bool:
        """Take a scanned code; ``False`` if it is for the window to open what it names."""
        return False

    def select_order(self, order_id: int) -> bool:
        """Select the order's row in the page's list; ``False`` if it is not listed."""
        return False

    def attempt_changed(self, attempt_id: object) -> None:
        """Take note that a QR changed; without a better answer like any record."""
        self.status_changed()

    def refund_changed(self, refund_id: object) -> None:
        """Take note that a refund changed; without a better answer like any record."""
        self.status_changed()

    def status_changed(self) -> None:
        """Take note that any record changed."""

    def payment_changed(self, order_id: int) -> None:
        """Take note of the order whose QR may still be paid; 0: there is none any more."""

    def set_online(self, online: bool) -> None:
        """Take note whether PortOne is reachable."""

    def set_behind(self, behind: bool) -> None:
        """Take note whether the file is an older copy that is still being reconciled."""
