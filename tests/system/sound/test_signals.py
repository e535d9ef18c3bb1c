"""The shop's signals: their files, their volume, and a queue that nobody waits for."""

from __future__ import annotations

import runpy
import sys
import threading
from array import array
from pathlib import Path

import pytest

from posapp.app import sounds as program_sounds
from posapp.app.shop_config import load_shop
from posapp.services.ports.sound_player import NoSounds, Sound, SoundPlayer
from posapp.system.sound.output_queue import OutputFailure
from posapp.system.sound.signals import STALE_SECONDS, SignalPlayer
from posapp.system.sound.wav_files import read_wav
from tests.bounds import LONGEST_S

SOUNDS = Path(__file__).parents[3] / "resources" / "sounds"


def test_the_files_are_what_the_script_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["make_sounds.py", "--out", str(tmp_path)])
    runpy.run_path(str(SOUNDS / "make_sounds.py"), run_name="__main__")
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {path.name: path.read_bytes() for path in SOUNDS.glob("*.wav")}
    assert set(written) == {f"{sound}.wav" for sound in Sound}


@pytest.mark.parametrize("sound", Sound)
def test_a_signal_is_short_audible_and_neither_cut_nor_clipped(sound):
    recording = read_wav(SOUNDS / f"{sound}.wav")
    samples = array("h", recording.frames)
    assert 0 < recording.seconds < 2
    assert 12_000 < max(map(abs, samples)) < 32_767
    assert max(map(abs, (*samples[:1], *samples[-2:]))) < 100, "no click at its ends"


class FakePlayer:
    """Keeps what is played; holds each sound until it is let go."""

    def __init__(self):
        self.played, self.begun = [], threading.Semaphore(0)
        self.go, self.failure = threading.Semaphore(0), None

    def play(self, recording, interrupt):
        self.played.append(recording)
        self.begun.release()
        with interrupt.calling(self.go.release):
            self.go.acquire()
        if self.failure is not None:
            raise self.failure


class Seconds:
    value = 0

    def __call__(self):
        return self.value


@pytest.fixture
def player():
    return FakePlayer()


@pytest.fixture
def clock():
    return Seconds()


@pytest.fixture
def sounds(player, clock):
    made: SoundPlayer = SignalPlayer(SOUNDS, player, 50, now=clock)
    yield made
    made.close()


def begun(player):
    assert player.begun.acquire(timeout=LONGEST_S)
    return player.played[-1]


def test_a_signal_is_played_at_its_volume(sounds, player):
    sounds.play(Sound.PAID)
    assert begun(player) == read_wav(SOUNDS / "paid.wav").at_volume(50)
    sounds.set_volume(140)
    sounds.play(Sound.FAILED)
    player.go.release()
    assert begun(player) == read_wav(SOUNDS / "failed.wav")


def test_at_volume_0_nothing_is_played(sounds, player):
    sounds.set_volume(0)
    sounds.play(Sound.CALL)
    sounds.set_volume(100)
    sounds.play(Sound.PAID)
    assert begun(player) == read_wav(SOUNDS / "paid.wav")
    assert len(player.played) == 1


def test_a_player_that_hangs_keeps_nobody_and_old_signals_are_dropped(sounds, player, clock):
    sounds.play(Sound.PAID)
    begun(player)
    for _ in range(100):
        sounds.play(Sound.FAILED)
    clock.value = STALE_SECONDS + 1
    sounds.play(Sound.NOTICE)
    player.go.release()
    assert begun(player) == read_wav(SOUNDS / "notice.wav").at_volume(50)


def test_without_a_device_it_is_silent_and_says_why(sounds, player, monkeypatch):
    failed = threading.Event()
    monkeypatch.setattr(sounds._queue, "_now", lambda: failed.set() or 0)
    player.failure = OutputFailure("aplay: exit code 1")
    sounds.play(Sound.PAID)
    begun(player)
    player.go.release()
    assert failed.wait(LONGEST_S)
    assert sounds.problem == "aplay: exit code 1"


def test_a_silent_player_plays_nothing():
    sounds: SoundPlayer = NoSounds()
    sounds.play(Sound.PAID)
    sounds.set_volume(100)
    sounds.close()
    assert sounds.problem == ""


def test_the_program_plays_the_files_it_brings(tmp_path, player, monkeypatch):
    monkeypatch.setattr(program_sounds, "player_of", lambda platform=sys.platform: player)
    shop = load_shop(str(tmp_path), {}, {"mode": "demo", "sound_volume": "100"})
    sounds = program_sounds.sounds_of(shop)
    sounds.play(Sound.CALL)
    assert begun(player) == read_wav(SOUNDS / "call.wav")
    sounds.close()
