"""What is heard at a kiosk: its screens, its place, and the sounds of payments and calls."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from posapp.domain.kiosk import KioskState
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.services.ports.sound_player import Sound, SoundPlayer
from posapp.services.ports.speaker import Speaker
from posapp.ui.core.i18n import Translator
from posapp.ui.kiosk.kiosk_controller import KioskController
from posapp.ui.kiosk.kiosk_window import KioskWindow
from posapp.ui.kiosk.spoken import SpokenScreen
from posapp.ui.voice.place_announcer import PlaceAnnouncer
from posapp.ui.voice.self_voicing import SelfVoicing

_SOUNDS = {
    PaymentPhase.DONE: Sound.PAID,
    PaymentPhase.FAILED: Sound.FAILED,
    PaymentPhase.EXPIRED: Sound.FAILED,
}


class KioskVoice(QObject):
    """Speaks for a kiosk's window while its buyer wants it.

    A key of the keypad begins it, as the earphone is there; so does the button 음성 안내, by the
    loudspeaker. It ends with the visit.

    Args:
        is_private: amounts and the digits of a phone number are for the earphone only.
        locate_every_s: seconds between two announcements of the place; 0 for none.
    """

    def __init__(
        self,
        texts: Translator,
        speaker: Speaker,
        sounds: SoundPlayer,
        window: KioskWindow,
        controller: KioskController,
        *,
        is_private: bool,
        locate_every_s: int,
    ) -> None:
        super().__init__(window)
        self._window, self._controller, self._sounds = window, controller, sounds
        self.voice = SelfVoicing(texts, speaker, is_private=is_private)
        self.place = PlaceAnnouncer(texts, speaker, locate_every_s, self)
        self._has_earphone = False
        self._last = ""
        window.screen_spoken.connect(self._say_screen)
        window.item_spoken.connect(self.voice.say_item)
        window.keyed.connect(self._begin_by_key)
        window.speed_stepped.connect(self.voice.change_speed)
        window.volume_stepped.connect(self.voice.change_volume)
        controller.digit_typed.connect(self._say_digit)
        controller.changed.connect(self._follow)
        controller.calls.called.connect(self._sound_call)
        self._follow()

    @Slot()
    def _begin_by_key(self) -> None:
        if not self._controller.visit.voice and self._controller.pin is None:
            self._has_earphone = True
            self._controller.set_voice(True)

    @Slot()
    def _follow(self) -> None:
        """Begin or end with the visit's wish."""
        controller = self._controller
        is_wanted = controller.visit.voice
        is_at_start = controller.flow.below is KioskState.START and controller.pin is None
        self.place.set_at_start(is_at_start and not is_wanted)
        if is_wanted and not self.voice.is_on:
            self.voice.begin(has_earphone=self._has_earphone)
            self._say_screen(self._window.spoken())
        elif not is_wanted and self.voice.is_on:
            self._has_earphone = False
            self.voice.end()

    @Slot(object)
    def _say_screen(self, screen: SpokenScreen) -> None:
        self._sound_outcome(screen.outcome)
        self.voice.say_screen(screen)
        item = self._window.focused_item()
        if item is not None:
            self.voice.say_item(item)

    @Slot(str, bool)
    def _say_digit(self, digit: str, is_private: bool) -> None:
        if self._controller.pin is None:  # who types a PIN is not who wears the earphone
            self.voice.say_digit(digit, is_private=is_private)

    def _sound_outcome(self, outcome: str) -> None:
        """Play the sound of an outcome once."""
        payment = self._controller.payment
        progress = payment.progress if payment is not None else None
        if outcome and outcome != self._last and progress is not None:
            sound = _SOUNDS.get(progress.phase)
            if sound is not None:
                self._sounds.play(sound)
        self._last = outcome

    @Slot()
    def _sound_call(self) -> None:
        self._sounds.play(Sound.CALL)
