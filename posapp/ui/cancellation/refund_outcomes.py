"""Reports the outcome of released refunds: confirmed, refused, or needing review."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from posapp.domain.money import ZERO
from posapp.domain.refunds import Refund, RefundState
from posapp.ui.cancellation.refund_watcher import RefundWatcher
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskRunner

if TYPE_CHECKING:
    from posapp.services.refunds.cancel_item import CancellationService, RefundWithItem

Notify = Callable[[int, Callable[[], str], str], None]
"""Order id, a function that builds the text, and its tone."""

_SAID = 160


@dataclass
class _Group:
    """Refunds released by one press."""

    waiting: set[int]
    ended: list[Refund] = field(default_factory=list)


class RefundOutcomes(QObject):
    """Notifies once for each press, when all refunds released by it have ended."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        cancellation_service: CancellationService,
        report: Notify,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._texts, self._notify = texts, report
        self._groups: list[_Group] = []
        self._watch = RefundWatcher(runner, cancellation_service, self)
        self._watch.seen.connect(self._seen)

    @Slot(object)
    def follow(self, refund_ids: Iterable[int]) -> None:
        """Follow refunds that were just released."""
        waiting = set(refund_ids)
        if not waiting:
            return
        self._groups.append(_Group(waiting))
        for refund_id in sorted(waiting):
            self._watch.watch(refund_id)

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """Read a refund again if it is followed."""
        self._watch.refund_changed(refund_id)

    def _seen(self, view: RefundWithItem) -> None:
        refund = view.refund
        if refund.is_open and refund.state is not RefundState.NEEDS_REVIEW:
            return
        for group in self._groups:
            if refund.id in group.waiting:
                group.waiting.discard(refund.id)
                group.ended.append(refund)
        over = [group for group in self._groups if not group.waiting]
        self._groups = [group for group in self._groups if group.waiting]
        for group in over:
            ended = tuple(group.ended)
            tones = {_tone(one) for one in ended}
            tone = next(tone for tone in ("error", "warning", "success") if tone in tones)
            self._notify(ended[-1].order_id, partial(self._text, ended), tone)

    def _text(self, ended: tuple[Refund, ...]) -> str:
        texts = self._texts
        if len(ended) == 1:
            one = ended[0]
            why = display_text(one.gateway_message, _SAID) or texts("cancel.refused_silent")
            return texts(
                f"sync.ended_{_tone(one)}",
                amount=texts.won(one.amount),
                order=one.order_id,
                why=why,
            )
        back = [one for one in ended if one.state is RefundState.CONFIRMED]
        amount = texts.won(sum((one.amount for one in back), ZERO))
        text = texts("sync.ended_several", count=len(back), amount=amount)
        left = len(ended) - len(back)
        return f"{text} {texts('sync.ended_left', count=left)}" if left else text


def _tone(refund: Refund) -> str:
    if refund.state is RefundState.CONFIRMED:
        return "success"
    return "warning" if refund.state is RefundState.NEEDS_REVIEW else "error"
