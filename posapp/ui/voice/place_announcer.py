"""Says at intervals where the kiosk is, for buyers who look for it without seeing it."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot

from posapp.domain.spoken import Spoken
from posapp.services.ports.speaker import Speaker
from posapp.ui.core.i18n import Translator

MESSAGE = "kiosk_voice.place"


class PlaceAnnouncer(QObject):
    """Announces the kiosk while nobody uses it.

    Args:
        every_s: seconds between two announcements; 0 for none.
    """

    def __init__(
        self, texts: Translator, speaker: Speaker, every_s: int, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._texts, self._speaker, self._every_s = texts, speaker, every_s
        self.timer = QTimer(self)
        self.timer.setInterval(every_s * 1000)
        self.timer.timeout.connect(self._announce)

    @Slot(bool)
    def set_at_start(self, at_start: bool) -> None:
        """Announce from now on, the first time after an interval; or stop at once."""
        if at_start and self._every_s and not self.timer.isActive():
            self.timer.start()
        elif not at_start and self.timer.isActive():
            self.timer.stop()
            self._speaker.stop()

    def _announce(self) -> None:
        spoken = Spoken(self._texts(MESSAGE), (MESSAGE,))
        self._speaker.say(spoken, self._texts.language)
