"""Page of the shift: 개점, 입출금, X and Z reports, and 마감 정산."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QEvent, Qt, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.cash import MoveKind, Shift
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import Grant, Permission, grant_of
from posapp.domain.report_content import ReportContent, read_body
from posapp.domain.z_reports import OpenMatter, ZReport
from posapp.services.cash.shift_service import ShiftView
from posapp.services.sale.cart_view import CartView
from posapp.ui.core.record_reader import RecordReader
from posapp.ui.core.task_runner import TaskResult
from posapp.ui.printing.addendum_paper import AnyReport, title_of
from posapp.ui.printing.report_printing import ReportPrinting
from posapp.ui.shell.routes import CHARTS, ROUTE
from posapp.ui.shell.screen import Screen
from posapp.ui.shift.cash_moves import CashMoves
from posapp.ui.shift.closing_flow import ClosingFlow
from posapp.ui.shift.drawer_opening import DrawerOpening
from posapp.ui.shift.report_list import ListedReport, listed
from posapp.ui.shift.shift_layout import ShiftLayout, View
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.dialog_slot import DialogSlot, failure_text
from posapp.ui.widgets.side_panel import PanelSlot

if TYPE_CHECKING:
    from posapp.services.sync.sync_status import SyncSnapshot
    from posapp.ui.shell.screen import ScreenContext

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class _Found:
    shift: ShiftView | None
    matters: tuple[OpenMatter, ...]
    held: tuple[CartView, ...]
    kept: Mapping[int, int]


class ShiftScreen(Screen):
    """Reads the shift whenever the page is shown, and after each change of the records.

    Which view is shown follows the records: without a shift there is nothing but 개점 and what was
    closed before.
    """

    def __init__(self, context: ScreenContext, parent: QWidget | None = None) -> None:
        super().__init__(context.texts, context.theme, context.runner, parent)
        services = context.services
        self._shifts, self._closing = services.shift_service, services.closing_service
        self._carts, self._session = services.cart_service, services.session
        self._back_up_soon, self._sync_reports = services.back_up_soon, context.sync_reports
        self._found: _Found | None = None
        self._follows_backup = False
        texts, runner = context.texts, context.runner
        self.view = view = ShiftLayout(texts, context.theme)
        boxes.column(view, on=self)
        self.slot = PanelSlot(self)
        self._question = DialogSlot(self)
        self._reader = RecordReader(runner, self._read_all, self)
        self.flow = ClosingFlow(
            *(texts, runner, (self._closing, self._shifts, self._carts), self._session),
            *(view.closing, self.slot, self),
        )
        self.drawer = DrawerOpening(
            *(texts, runner, self._shifts, self._session, self.slot, self), context.roll
        )
        self.moves = CashMoves(texts, runner, self._shifts, self._session, self.slot, self)
        self.printing = ReportPrinting(
            *(texts, runner, self._closing, services.order_history_service, self._session),
            *(context.clock, self),
            printed=context.printed,
            roll=context.roll,
        )
        self._connect()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        return cls(context)

    @property
    def head_actions(self) -> QWidget:
        """Return the buttons that lead to figures of earlier days."""
        return self.view.head

    @property
    def why_stay(self) -> str:
        """Return why a scan may not lead away now: cash is being counted, or something typed."""
        is_typing = self.view.view is View.CLOSING or self.slot.panel is not None
        return "shift.scan_stays" if is_typing else ""

    def showEvent(self, event: QShowEvent) -> None:
        """Read the shift."""
        super().showEvent(event)
        self._reader.refresh()

    def enter(self) -> None:
        """Begin with the shift; a count that was begun goes on."""
        self.view.banner.clear()
        self._close_panel()
        if self.view.view in (View.REPORT, View.REPORTS):
            self._show_first()

    def status_changed(self) -> None:
        """Read the shift after any change of the records."""
        if self.isVisible():
            self._reader.refresh_soon()

    def staff_changed(self) -> None:
        """Forget what another person read and typed; the count stays."""
        self.clear()
        self._reader.refresh()

    def clear(self) -> None:
        """Show the shift itself; the count stays."""
        self.view.banner.clear()
        self.forget_typed()
        self._question.close()
        self.flow.held.close()
        if self.view.view is not View.NOTHING:
            self._show_first()

    def forget_typed(self) -> None:
        """Forget a float, an amount or a reason; the count stays."""
        self._close_panel()
        self.view.opening.float.line.clear()

    def event(self, event: QEvent) -> bool:
        """Claim Esc while there is something to step back from: a tab itself has no way back."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and (self.slot.panel is not None or self.view.back.isVisibleTo(self))
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on by Enter, and one step back by Esc."""
        if event.key() == Qt.Key.Key_Escape:
            if not self._close_panel():
                self._step_back()
        elif event.key() not in _ENTER:
            super().keyPressEvent(event)
        elif self.slot.panel is None and not event.isAutoRepeat() and self.view.next.isVisible():
            self.view.next.click()

    def _connect(self) -> None:
        view, flow = self.view, self.flow
        self._reader.arrived.connect(self._arrived)
        self._reader.failed.connect(self._fail)
        self._sync_reports.arrived.connect(self._follow_backup)
        view.banner.acted.connect(view.banner.clear)
        view.opening.agreed.connect(partial(self._open_shift, is_sure=False))
        view.next.clicked.connect(self._go_on)
        view.back.clicked.connect(self._step_back)
        view.close_button.clicked.connect(self._close_shift)
        view.interim.clicked.connect(self._read_x)
        view.reports_button.clicked.connect(self._read_reports)
        view.reports.table.opened.connect(self._open_report)
        view.reports.table.chosen.connect(self._offer_report)
        view.open_report.clicked.connect(self._open_report)
        view.charts.clicked.connect(self._show_charts)
        view.drawer.clicked.connect(self.drawer.toggle)
        view.pay_in.clicked.connect(lambda: self.moves.toggle(MoveKind.IN))
        view.pay_out.clicked.connect(lambda: self.moves.toggle(MoveKind.OUT))
        view.print.clicked.connect(self._print)
        for acts in (self.drawer, self.moves, self.printing):
            acts.said.connect(self.notified)
            acts.failed.connect(self._say_failure)
        for changed in (self.drawer.recorded, self.moves.recorded, flow.changed):
            changed.connect(self._reader.refresh)
        flow.closed.connect(self._shift_closed)
        flow.left.connect(self._show_first)
        flow.stepped.connect(self._stepped)
        flow.failed.connect(self._fail)
        flow.said.connect(self.notified)
        flow.went.connect(self.go_requested)
        self._texts.changed.connect(self._write)

    # Reading

    def _read_all(self) -> _Found:
        shift = self._shifts.read()
        if shift is None:
            return _Found(None, (), (), {})
        matters, held = self._closing.open_matters(), self._carts.held()
        return _Found(shift, matters, held, self._closing.kept_count())

    @Slot(object)
    def _arrived(self, found: _Found) -> None:
        before, self._found = self._found, found
        self._write()
        self._show_checks()
        is_other = before is None or (before.shift is None) != (found.shift is None)
        is_shown = self.view.view in (View.REPORT, View.REPORTS) or self.view.is_closed
        if is_other and not is_shown:
            self._show_first()

    def _show_checks(self) -> None:
        found = self._found
        if found is None:
            return
        if found.shift is None:
            self.flow.forget()
            return
        report: SyncSnapshot | None = self._sync_reports.last
        compared_at = report.status.reconciled_at if report is not None else None
        self.flow.show_found(found.shift, found.matters, found.held, compared_at, found.kept)

    # Views

    def _show(self, view: View, *, is_closed: bool = False, takes_focus: bool = False) -> None:
        focused = QApplication.focusWidget()
        # What was hidden has it no longer: the page of an earlier shift, or the step before.
        is_lost = self.isVisible() and (focused is None or takes_focus)
        has_focus = is_lost or focused is self or self.isAncestorOf(focused or self)
        self.view.show_view(view, is_closed=is_closed)
        first = self.view.first_focus()
        self.setFocusProxy(first)
        self._write()
        if has_focus:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _show_first(self) -> None:
        """Show the shift, or the form that opens one."""
        shift = self._found.shift if self._found is not None else None
        self._show(View.OPENING if shift is None else View.OVERVIEW)

    @Slot()
    def _stepped(self) -> None:
        self.view.banner.clear()
        self._show(View.CLOSING, takes_focus=True)
        self.flow.focus()

    @Slot()
    def _step_back(self) -> None:
        if not self.view.back.isVisibleTo(self):
            return
        if self.view.view is View.CLOSING:
            self.flow.back()
        elif self.view.view is View.REPORT and self._is_listed:
            self._show(View.REPORTS)
        else:
            self._return()

    def _return(self) -> None:
        """Lead from figures to where they were asked for."""
        if self._was_closing and self._found is not None and self._found.shift is not None:
            self._show(View.CLOSING)
            self.flow.focus()
        else:
            self._show_first()

    _is_listed = _was_closing = False

    def _close_panel(self) -> bool:
        return self.drawer.close() or self.moves.close() or self.flow.close_panel()

    @Slot()
    def _go_on(self) -> None:
        view = self.view.view
        if view is View.REPORT:
            self._show_first()
        elif view is View.CLOSING:
            self.flow.next()
        elif self._may(Permission.CLOSE_SHIFT):
            self.flow.begin()

    def _may(self, permission: Permission) -> bool:
        """Return whether the person may do it; say why not."""
        role = self._session.role
        if role is not None and grant_of(role, permission) is Grant.NO:
            self._fail(UserError(ErrorCode.NOT_PERMITTED))
            return False
        return True

    # 개점

    def _open_shift(self, won: int, *, is_sure: bool) -> None:
        if not is_sure:
            self.view.opening.set_busy(True)
        work = partial(self._shifts.open_shift, self._session.actor, won, is_sure=is_sure)
        self._runner.run(work, partial(self._opened, won), owner=self)

    def _opened(self, won: int, outcome: TaskResult[Shift]) -> None:
        opening, error = self.view.opening, outcome.error
        opening.set_busy(False)
        if isinstance(error, UserError) and error.code is ErrorCode.SHIFT_DATE:
            self._ask_date(won, error)
            return
        shown = self._question.end(failure_text(self._texts, error))
        if outcome.value is None:
            if isinstance(error, UserError) and error.code is ErrorCode.CASH_AMOUNT:
                opening.show_wrong(self._texts.error(error))
            elif not shown:
                self._fail(error or RuntimeError())
            self._reader.refresh()
            return
        opening.float.line.clear()
        day = f"{outcome.value.business_date:%Y-%m-%d}"
        self.notified.emit(self._texts("shift.opened", date=day))
        self._reader.refresh()

    def _ask_date(self, won: int, error: UserError) -> None:
        texts = self._texts
        dialog = ConfirmDialog(parent=self, danger=False, waits=True)

        def write() -> None:
            dialog.say(texts("shift.date_question"), texts.error(error))
            dialog.set_answers(texts("shift.open"), texts("words.close"))

        dialog.follow(texts, write)
        dialog.agreed.connect(lambda: self._open_shift(won, is_sure=True))
        self._question.open(dialog)

    # Figures

    @Slot()
    def _read_x(self) -> None:
        work = partial(self._closing.x_report, self._session.actor)
        self._runner.run(work, self._x_read, owner=self, key="figures")

    def _x_read(self, outcome: TaskResult[ReportContent]) -> None:
        if outcome.value is None:
            self._fail(outcome.error or RuntimeError())
            self._reader.refresh()
            return
        self._was_closing = self.view.view is View.CLOSING
        self._is_listed = False
        self._show_report(outcome.value)

    @Slot()
    def _read_reports(self) -> None:
        if self._may(Permission.CLOSE_SHIFT):
            closing, actor = self._closing, self._session.actor
            # What is unreadable is found while it is read, not on the screen's thread.
            work = lambda: listed(closing.reports(actor), closing.addenda(actor))  # noqa: E731
            self._runner.run(work, self._listed, owner=self, key="figures")

    def _listed(self, outcome: TaskResult[tuple[ListedReport, ...]]) -> None:
        if outcome.value is None:
            self._fail(outcome.error or RuntimeError())
            return
        if self.view.view not in (View.REPORT, View.REPORTS):
            self._was_closing = self.view.view is View.CLOSING
        self.view.banner.clear()
        self.view.reports.show_reports(outcome.value)
        self._show(View.REPORTS)
        self._offer_report()

    @Slot()
    def _offer_report(self) -> None:
        one = self.view.reports.current
        self.view.open_report.setEnabled(one is not None and one.content is not None)

    @Slot()
    def _open_report(self) -> None:
        one = self.view.reports.current
        if one is not None and one.content is not None:
            self._is_listed = True
            self._show_report(one.content)

    def _show_report(self, content: AnyReport, *, is_closed: bool = False) -> None:
        self._close_panel()
        self.view.banner.clear()
        self.view.report.show_report(content)
        self._show(View.REPORT, is_closed=is_closed)
        announce(self, title_of(self._texts, content))

    @Slot()
    def _show_charts(self) -> None:
        role = self._session.role
        if role is not None and role not in ROUTE[CHARTS].roles:
            self._fail(UserError(ErrorCode.NOT_PERMITTED))
        else:
            self.go_to(CHARTS)

    @Slot()
    def _print(self) -> None:
        if self.view.report.content is not None:
            self.printing.print(self.view.report.content)

    # 마감

    @Slot()
    def _close_shift(self) -> None:
        self.view.close_button.set_busy(True)
        self.flow.close()

    @Slot(object)
    def _shift_closed(self, report: ZReport) -> None:
        self.view.close_button.set_busy(False)
        self._follows_backup = True
        self._back_up_soon()
        content, texts = read_body(report.body), self._texts
        self._show_report(content, is_closed=True)
        day = f"{content.business_date:%Y-%m-%d}"
        self.view.banner.show_success(lambda: texts("shift.closed", date=day, number=report.z_no))
        self._reader.refresh()
        if self.printing.has_printer:
            self.printing.print(content)

    @Slot(object)
    def _follow_backup(self, report: SyncSnapshot) -> None:
        """Say once that the backup after a closing failed: the shift is closed all the same."""
        if self._follows_backup and report.status.backup_trouble:
            self._follows_backup = False
            self.view.banner.show_notice(
                lambda: self._texts("shift.backup_failed"), button="words.close"
            )
        self._show_checks()

    # Texts

    @Slot(object)
    def _fail(self, error: Exception) -> None:
        self.view.close_button.set_busy(False)
        self.view.banner.show_error(error)

    @Slot(object)
    def _say_failure(self, make: object) -> None:
        if callable(make):
            self.view.banner.show_failure(make, button="words.close")

    @Slot()
    def _write(self) -> None:
        found, view, content = self._found, self.view, self.view.report.content
        shift = found.shift if found is not None else None
        view.show_shift(shift, self._texts)
        is_report = view.view is View.REPORT and content is not None
        is_long = shift is not None and shift.is_long
        if not is_long or view.view not in (View.OVERVIEW, View.CLOSING):
            view.long_open.clear()
        elif not view.long_open.message:
            view.long_open.show_message("warning", self._texts.bind("shift.long_open"))
        said = ""
        if is_report and content is not None:
            said = f"{title_of(self._texts, content)} · {content.business_date:%Y-%m-%d}"
        elif view.view is View.REPORTS:
            said = self._texts("shift.reports")
        self.set_head(subtitle=said)
