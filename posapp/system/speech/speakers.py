"""The speech of this system."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from posapp.system.sound.wav_player import player_of
from posapp.system.speech.engine import SpeechEngine
from posapp.system.speech.macos_speech import MacSpeech
from posapp.system.speech.queued_speaker import ClipTexts, QueuedSpeaker
from posapp.system.speech.speech_dispatcher import open_speech_dispatcher
from posapp.system.speech.voice_pack import FOLDER, VoicePack
from posapp.system.speech.windows_speech import open_windows_speech


def open_engine(
    platform: str = sys.platform, environ: Mapping[str, str] = os.environ
) -> SpeechEngine:
    """Connect to the speech engine of a system; raises ``OutputFailure``."""
    if platform == "win32":
        return open_windows_speech()
    if platform == "darwin":
        return MacSpeech()
    return open_speech_dispatcher(environ)


def speaker_of(
    shop_folder: Path, clip_texts: ClipTexts, platform: str = sys.platform
) -> QueuedSpeaker:
    """Return the speaker of a shop: its recordings, and this system's speech engine.

    Args:
        clip_texts: as of ``QueuedSpeaker``.
    """
    pack = VoicePack(shop_folder / FOLDER, player_of(platform))
    return QueuedSpeaker(partial(open_engine, platform), pack, clip_texts)


def voices_of(engine: SpeechEngine) -> frozenset[str]:
    """Return the languages that an engine speaks, and close it; raises ``OutputFailure``."""
    try:
        return engine.voices()
    finally:
        engine.close()
