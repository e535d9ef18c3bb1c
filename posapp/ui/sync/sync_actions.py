"""Actions on unsent refunds, and on the sync itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.services.ports.outbox import PendingRefund
from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.sync.sync_messages import item_of, refund_subject
from posapp.ui.widgets.confirmed_actions import Action, ConfirmedActions

if TYPE_CHECKING:
    from posapp.services.session import Session
    from posapp.services.sync.sync_status import SyncService

ALL = 0
"""Identity of actions on all refunds or on none: no refund has this id."""


class SyncActions(ConfirmedActions):
    """Retries, requeues and takes over refunds, and starts reconciliation."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        desk: SyncService,
        session: Session,
        page: QWidget,
    ) -> None:
        super().__init__(texts, runner, page)
        self._desk, self._session = desk, session

    def ask_to_try(self, row: PendingRefund) -> None:
        """Confirm with the amount, then attempt a refund now. It is read before a send."""
        self._confirm(row, "try_now", self._desk.try_now, sends=True)

    def ask_to_requeue(self, row: PendingRefund) -> None:
        """Confirm, then return a refund to automatic sending."""
        self._confirm(row, "requeue", self._desk.requeue, sends=True)

    def ask_to_take_over(self, row: PendingRefund) -> None:
        """Confirm, then remove a refund from automatic sending."""
        self._confirm(row, "take_over", self._desk.take_over)

    def ask_to_try_all(self, rows: Sequence[PendingRefund], count: int, amount: Won) -> None:
        """Confirm with the sum, then attempt all waiting refunds now.

        Args:
            rows: the refunds that are listed; ``count`` and ``amount`` (won) are of all.
        """
        desk, session, texts = self._desk, self._session, self._texts
        if not count:
            return
        self.confirm(
            ALL,
            "sync.try_all",
            lambda: texts.bind("sync.told_try_all", count=desk.try_all(session.actor)),
            amount=amount,
            facts=lambda: [(texts("sync.about"), texts("sync.try_all_about", count=count))],
            key="F8",
            sends=[row.refund_id for row in rows if not row.needs_person],
            count=count,
        )

    def reconcile(self) -> None:
        """Start reconciliation with PortOne."""
        self.run(ALL, self._reporting("reconcile", self._desk.reconcile_now))

    def _confirm(
        self,
        row: PendingRefund,
        name: str,
        act: Callable[[Actor, int], None],
        *,
        sends: bool = False,
    ) -> None:
        texts = self._texts
        self.confirm(
            row.refund_id,
            f"sync.{name}",
            self._reporting(name, act, row.refund_id),
            amount=row.amount,
            facts=lambda: [
                (texts("sync.about"), f"{item_of(texts, row)} · {refund_subject(texts, row)}"),
                (texts("sync.tag"), display_text(row.tag, 60)),
            ],
            key="F8" if sends else "F7",
            sends=(row.refund_id,) if sends else (),
        )

    def _reporting(self, name: str, act: Callable[..., None], *arguments: int) -> Action:
        """Return an action that ends with a message of its own."""
        texts, session = self._texts, self._session

        def action() -> BoundText:
            act(session.actor, *arguments)
            return texts.bind(f"sync.told_{name}")

        return action
