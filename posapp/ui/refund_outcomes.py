"""How it ended: refunds that a person let go are followed until the money is back, or is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from posapp.domain.money import ZERO
from posapp.domain.refunds import Refund, RefundState
from posapp.ui.background import TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.screens.order_parts.watch import RefundWatch

if TYPE_CHECKING:
    from posapp.services.cancelling import Cancelling, RefundView

Tell = Callable[[int, Callable[[], str], str], None]
"""Order id, a function that makes the words, and their tone."""

_SAID = 160


@dataclass
class _Group:
    """Refunds that one press let go."""

    waiting: set[int]
    ended: list[Refund] = field(default_factory=list)


class RefundOutcomes(QObject):
    """Tells once for each press, when all that it let go has ended."""

    def __init__(self, texts: Texts, runner: TaskRunner, tell: Tell, parent: QObject) -> None:
        super().__init__(parent)
        self._texts, self._tell = texts, tell
        self._groups: list[_Group] = []
        self._watch = RefundWatch(runner, self)
        self._watch.seen.connect(self._seen)

    def attach(self, cancelling: Cancelling) -> None:
        """The service stands."""
        self._watch.attach(cancelling)

    @Slot(object)
    def follow(self, refund_ids: Iterable[int]) -> None:
        """A person let these go this moment."""
        waiting = set(refund_ids)
        if not waiting:
            return
        self._groups.append(_Group(waiting))
        for refund_id in sorted(waiting):
            self._watch.watch(refund_id)

    @Slot(object)
    def refund_changed(self, refund_id: object) -> None:
        """A refund changed in the background."""
        self._watch.refund_changed(refund_id)

    def _seen(self, view: RefundView) -> None:
        refund = view.refund
        if refund.is_open and refund.state is not RefundState.NEEDS_PERSON:
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
            self._tell(ended[-1].order_id, partial(self._words, ended), tone)

    def _words(self, ended: tuple[Refund, ...]) -> str:
        texts = self._texts
        if len(ended) == 1:
            one = ended[0]
            why = shown(one.raw_text, _SAID) or texts("cancel.refused_silent")
            return texts(
                f"sync.ended_{_tone(one)}",
                amount=texts.won(one.amount),
                order=one.order_id,
                why=why,
            )
        back = [one for one in ended if one.state is RefundState.CONFIRMED]
        amount = texts.won(sum((one.amount for one in back), ZERO))
        words = texts("sync.ended_several", count=len(back), amount=amount)
        left = len(ended) - len(back)
        return f"{words} {texts('sync.ended_left', count=left)}" if left else words


def _tone(refund: Refund) -> str:
    if refund.state is RefundState.CONFIRMED:
        return "success"
    return "warning" if refund.state is RefundState.NEEDS_PERSON else "error"
