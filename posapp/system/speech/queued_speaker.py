"""The ``Speaker`` of a running program: a queue in front of recordings and a speech engine."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import groupby

from posapp.domain.spoken import Spoken
from posapp.services.ports.speaker import SPEEDS, USUAL_SPEED, USUAL_VOLUME
from posapp.system.sound.output_queue import Interrupt, OutputFailure, OutputQueue
from posapp.system.speech.engine import SpeechEngine, Utterance
from posapp.system.speech.voice_pack import NoRecordings, Recordings

ClipTexts = Callable[[str], Mapping[str, str]]
"""Returns what is read out for each clip, by language."""


class QueuedSpeaker:
    """Says texts in a thread of its own: by recordings, and by the engine what is not recorded.

    A text of which some recordings are missing is said piece by piece. A recording has one speed:
    at any other speed the engine speaks, and recordings only where it cannot.

    Args:
        open_engine: connects to the speech engine; raises ``OutputFailure``. It is called again
            after a failure.
        clip_texts: a text with a missing clip that it does not know is spoken whole.
        now: returns seconds that never jump back.
    """

    def __init__(
        self,
        open_engine: Callable[[], SpeechEngine],
        recordings: Recordings | None = None,
        clip_texts: ClipTexts = lambda _: {},
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._open_engine, self._recordings = open_engine, recordings or NoRecordings()
        self._clip_texts = clip_texts
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
        if is_usual and self._say_pieces(item, interrupt):
            return
        try:
            self._speak(item, interrupt)
        except OutputFailure:
            if is_usual or not self._play_whole(item, interrupt):
                raise

    def _say_pieces(self, item: Utterance, interrupt: Interrupt) -> bool:
        """Return whether the text was said by recordings, and by the engine what is not recorded.

        A player or an engine that fails half-way leaves the whole text to the engine, from its
        beginning.
        """
        found = self._recordings.find(item.clips, item.language)
        missing = [clip for clip, one in zip(item.clips, found, strict=True) if one is None]
        texts = self._clip_texts(item.language) if missing else {}
        if len(missing) == len(found) or not all(map(texts.get, missing)):
            return False
        if missing:
            self._require_engine()  # before anything is heard: half an amount is another one
        pairs = zip(item.clips, found, strict=True)
        for is_missing, run in groupby(pairs, lambda pair: pair[1] is None):
            if interrupt.is_requested:
                break
            try:
                if is_missing:
                    text = " ".join(texts[clip] for clip, _ in run)
                    self._speak(replace(item, text=text, clips=()), interrupt)
                else:
                    there = [one for _, one in run if one is not None]
                    self._recordings.play(there, item.volume, interrupt)
            except OutputFailure:
                return False
        return True

    def _play_whole(self, item: Utterance, interrupt: Interrupt) -> bool:
        """Return whether recordings alone said the text."""
        found = self._recordings.find(item.clips, item.language)
        there = [one for one in found if one is not None]
        if not there or len(there) < len(found):
            return False
        try:
            self._recordings.play(there, item.volume, interrupt)
        except OutputFailure:
            return False
        return True

    def _require_engine(self) -> SpeechEngine:
        if self._engine is None:
            self._engine = self._open_engine()
        return self._engine

    def _speak(self, item: Utterance, interrupt: Interrupt) -> None:
        engine = self._require_engine()
        try:
            engine.speak(item, interrupt)
        except BaseException:
            engine.close()
            self._engine = None
            raise
