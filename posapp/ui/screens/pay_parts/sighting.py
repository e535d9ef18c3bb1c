"""What the pay screen knows of its attempt: the last reading, the link on screen, the time left."""

from __future__ import annotations

from PySide6.QtCore import QObject

from posapp.services.ports.machine import Clock
from posapp.services.progress import OVER, Phase, Progress
from posapp.ui.i18n import Texts
from posapp.ui.screens.pay_parts.countdown import Countdown
from posapp.ui.screens.pay_parts.standing import (
    WITH_CODE,
    Standing,
    standing_of,
    standing_of_error,
)


class Sighting(QObject):
    """An attempt as it was read last, or the error that there is instead of one.

    Attributes:
        link: the link whose code is on screen, or empty.
        countdown: runs while there is a code.
    """

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.link = ""
        self.countdown = Countdown(clock, self)
        self._progress: Progress | None = None
        self._error: Exception | None = None

    @property
    def progress(self) -> Progress | None:
        """The attempt, if there is one."""
        return self._progress

    @property
    def is_scannable(self) -> bool:
        """A code may be shown: the attempt waits to be paid, and its time is not over."""
        phase = self._progress.phase if self._progress is not None else None
        return phase in WITH_CODE and not self.countdown.is_over

    @property
    def is_live(self) -> bool:
        """Somebody may be scanning or paying: giving it up is for a person to decide."""
        preparing = self._progress is not None and self._progress.phase is Phase.PREPARING
        return preparing or self.is_scannable

    def is_of(self, attempt_id: object) -> bool:
        """It is this attempt that is on screen."""
        return self._progress is not None and self._progress.attempt.id == attempt_id

    def may_have_refund(self, refund_id: object) -> bool:
        """That refund may be the one of this attempt's payment."""
        if self._progress is None or self._progress.payment is None:
            return False
        known = self._progress.refund
        return known is None or known.id == refund_id

    def read(self, progress: Progress) -> bool:
        """Take a new reading; ``True`` if with it the attempt came to its good end."""
        before = self._progress.phase if self._progress is not None else None
        self._progress, self._error = progress, None
        expires_at = progress.attempt.expires_at
        if progress.phase in WITH_CODE and expires_at is not None:
            self.countdown.start(expires_at)
        elif progress.phase in OVER:
            self.countdown.stop()
        return progress.phase is Phase.DONE and before is not Phase.DONE

    def fail(self, error: Exception) -> None:
        """There is no attempt, and this is why."""
        self._progress, self._error = None, error
        self.countdown.stop()

    def forget(self) -> None:
        """Know nothing any more."""
        self._progress = self._error = None
        self.link = ""
        self.countdown.stop()

    def standing(self, texts: Texts) -> Standing | None:
        """How it stands, in words; ``None`` while nothing is known."""
        if self._error is not None:
            return standing_of_error(texts, self._error)
        if self._progress is None:
            return None
        return standing_of(texts, self._progress, time_is_over=self.countdown.is_over)
