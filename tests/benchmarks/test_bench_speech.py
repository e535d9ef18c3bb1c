"""From the focus of a kiosk's item to the first sound, with an engine that makes none."""

from __future__ import annotations

import queue
import time
from types import SimpleNamespace

import pytest

from posapp.system.speech.queued_speaker import QueuedSpeaker
from posapp.ui.core.i18n import Translator
from posapp.ui.voice.self_voicing import SelfVoicing
from tests.benchmarks.figures import quantile, report_line
from tests.bounds import LONGEST_S

pytestmark = pytest.mark.bench

ROUNDS = 200


class Sink:
    """An engine: notes when a text reaches it, and goes on until it is interrupted."""

    def __init__(self) -> None:
        self.begun: queue.Queue[float] = queue.Queue()

    def speak(self, utterance, interrupt) -> None:
        self.begun.put(time.perf_counter())
        interrupt.wait(LONGEST_S)

    def close(self) -> None:
        pass


def test_focus_to_first_sound(qapp, measuring: bool) -> None:
    sink = Sink()
    speaker = QueuedSpeaker(lambda: sink)
    voice = SelfVoicing(Translator("ko"), speaker, is_private=False)
    voice.begin(has_earphone=True)
    names = [f"{at:,}원 결제" for at in range(ROUNDS)]
    items = [SimpleNamespace(name=name, role="button", state="") for name in names]
    taken = []
    for item in items if measuring else items[:2]:
        begun = time.perf_counter()
        voice.say_item(item)
        taken.append((sink.begun.get(timeout=LONGEST_S) - begun) * 1000)
    voice.end()
    speaker.close()
    report_line("kiosk, focus → text at the speech engine, p95", quantile(taken, 0.95), "ms", 200)
