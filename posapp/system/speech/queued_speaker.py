"""The ``Speaker`` of a running program: a queue in front of recordings and a speech engine."""

from __future__ import annotations

import time
from collections.abc import Callable

from posapp.domain.spoken import Spoken
from posapp.services.ports.speaker import SPEEDS, USUAL_SPEED, USUAL_VOLUME
from posapp.system.sound.output_queue import Interrupt, OutputFailure, OutputQueue
from posapp.system.speech.engine import SpeechEngine, Utterance
from posapp.system.speech.voice_pack import Recordings


class QueuedSpeaker:
    """Says texts in a thread of its own: by recordings where all are there, else by the engine.

    A recording has one speed. At any other speed the engine speaks, and recordings only where it
    cannot.

    Args:
        open_engine: connects to the speech engine; raises ``OutputFailure``. It is called again
            after a failure.
        now: returns seconds that never jump back.
    """

    def __init__(
        self,
        open_engine: Callable[[], SpeechEngine],
        recordings: Recordings | None = None,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_engine, self._recordings = open_engine, recordings
        self._engine: SpeechEngine | None = None
        self._speed, self._volume = USUAL_SPEED, USUAL_VOLUME
        self._queue: OutputQueue[Utterance] = OutputQueue(self._perform, "posapp-speech", now=now)

    def say(self, spoken: Spoken | str, language: str, *, urgent: bool = False) -> None:
        """See ``Speaker``."""
        text, clips = (spoken, ()) if isinstance(spoken, str) else (spoken.text, spoken.clips)
        item = Utterance(text, language, self._speed, self._volume, clips)
        self._queue.put(item, urgent=urgent)

    def stop(self) -> None:
        """See ``Speaker``."""
        self._queue.clear()

    def set_speed(self, percent: int) -> None:
        """See ``Speaker``."""
        if percent not in SPEEDS:
            raise ValueError(f"no such speed: {percent}")
        self._speed = percent

    def set_volume(self, percent: int) -> None:
        """See ``Speaker``."""
        self._volume = min(max(percent, 0), 100)

    @property
    def problem(self) -> str:
        """See ``Speaker``."""
        return self._queue.problem

    def close(self) -> None:
        """See ``Speaker``."""
        self._queue.close()
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def _perform(self, item: Utterance, interrupt: Interrupt) -> None:
        is_usual = item.speed == USUAL_SPEED
        if is_usual and self._play_recordings(item, interrupt):
            return
        try:
            self._speak(item, interrupt)
        except OutputFailure:
            if is_usual or not self._play_recordings(item, interrupt):
                raise

    def _play_recordings(self, item: Utterance, interrupt: Interrupt) -> bool:
        """Return whether recordings say the text; a broken one leaves it to the engine."""
        if self._recordings is None or not item.clips:
            return False
        try:
            return self._recordings.play(item.clips, item.language, item.volume, interrupt)
        except OutputFailure:
            return False

    def _speak(self, item: Utterance, interrupt: Interrupt) -> None:
        if self._engine is None:
            self._engine = self._open_engine()
        try:
            self._engine.speak(item, interrupt)
        except BaseException:
            self._engine.close()
            self._engine = None
            raise
