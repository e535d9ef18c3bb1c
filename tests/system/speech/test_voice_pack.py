"""Recordings of a shop: played where they are there, and the engine speaks what is missing."""

from __future__ import annotations

import sys
import threading
import wave
from array import array

import pytest

from posapp.domain.money import Won
from posapp.domain.spoken import Spoken
from posapp.domain.spoken_numbers import READERS, phrase_list
from posapp.services.ports.speaker import USUAL_VOLUME
from posapp.system.sound.output_queue import Interrupt, OutputFailure
from posapp.system.sound.wav_files import Recording, join_recordings, read_wav
from posapp.system.sound.wav_player import ProgramPlayer, WindowsPlayer, player_of
from posapp.system.speech.queued_speaker import QueuedSpeaker
from posapp.system.speech.voice_pack import VoicePack
from tests.bounds import FOR_EVER_S, LONGEST_S


def write_wav(path, samples, *, rate=22_050, width=2, channels=1):
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())


def samples(*values):
    return array("h", values)


class FakePlayer:
    """Keeps what is played."""

    def __init__(self):
        self.played, self.heard, self.failure = [], threading.Semaphore(0), None
        self.said = []

    def play(self, recording, interrupt):
        if self.failure is not None:
            raise self.failure
        self.played.append(array("h", recording.frames).tolist())
        self.said.append(self.played[-1])
        self.heard.release()


class FakeEngine:
    """Keeps what is said."""

    def __init__(self):
        self.said, self.heard, self.failure, self.opened = [], threading.Semaphore(0), None, 0

    def open(self):
        self.opened += 1
        return self

    def speak(self, utterance, interrupt):
        if self.failure is not None:
            raise self.failure
        self.said.append(utterance.text)
        self.heard.release()

    def close(self):
        pass


@pytest.fixture
def player():
    return FakePlayer()


@pytest.fixture
def engine(player):
    made = FakeEngine()
    made.said = player.said  # in the order in which a buyer hears both
    return made


@pytest.fixture
def pack(tmp_path, player):
    """A pack with the recordings of 만 이천 원, each of one sample, and a broken one."""
    amount = READERS["ko"].speak_amount(Won(12_000))
    for value, clip in enumerate(amount.clips, 1):
        write_wav(tmp_path / "ko" / f"{clip}.wav", samples(value * 100))
    (tmp_path / "ko" / "broken.wav").write_bytes(b"RIFF not really")
    return VoicePack(tmp_path, player)


@pytest.fixture
def speaker(pack, engine):
    made = QueuedSpeaker(engine.open, pack, lambda language: TEXTS if language == "ko" else {})
    yield made
    made.close()


AMOUNT = READERS["ko"].speak_amount(Won(12_000))
TEXTS = {**READERS["ko"].PIECES, "broken": "깨짐"}


def test_a_text_is_played_where_all_its_recordings_are_there(speaker, player, engine):
    speaker.say(AMOUNT, "ko")
    assert player.heard.acquire(timeout=LONGEST_S)
    assert player.played == [[value * USUAL_VOLUME for value in range(1, 5)]]
    assert engine.opened == 0


@pytest.mark.parametrize(
    "spoken",
    [
        Spoken("열 십", ("number.100", "number.5")),
        Spoken("원 다른", ("unit.won", "unknown")),
        Spoken("원"),
        "원",
    ],
    ids=["none recorded", "a clip that has no text", "no clips", "plain text"],
)
def test_any_other_text_is_spoken_whole(speaker, player, engine, spoken):
    speaker.say(spoken, "ko")
    assert engine.heard.acquire(timeout=LONGEST_S)
    assert engine.said == [spoken if isinstance(spoken, str) else spoken.text]
    assert player.played == []


def sample(*values):
    return [value * USUAL_VOLUME for value in values]


def said_of(speaker, player, engine, spoken, played, spoken_by_engine):
    speaker.say(spoken, "ko")
    for _ in range(played):
        assert player.heard.acquire(timeout=LONGEST_S)
    for _ in range(spoken_by_engine):
        assert engine.heard.acquire(timeout=LONGEST_S)
    return player.said


def test_only_what_is_missing_is_spoken_by_the_engine(speaker, player, engine):
    """만 이천 원 is recorded: of 만 오천육백 원 the middle is not."""
    amount = READERS["ko"].speak_amount(Won(15_600))
    assert amount.text == "만 오천육백 원"
    heard = said_of(speaker, player, engine, amount, 3, 2)
    assert heard == [sample(1), "오", sample(3), "육 백", sample(4)]


def test_a_broken_recording_is_a_missing_one(speaker, player, engine):
    broken = Spoken("원 깨짐", ("unit.won", "broken"))
    assert said_of(speaker, player, engine, broken, 1, 1) == [sample(4), "깨짐"]


def test_nothing_is_heard_of_an_amount_of_which_the_rest_cannot_be_spoken(pack, player):
    """만 and then silence is another amount."""
    gone = threading.Event()

    def open_engine():
        gone.set()
        raise OutputFailure("no engine")

    speaker = QueuedSpeaker(open_engine, pack, lambda _: TEXTS)
    speaker.say(READERS["ko"].speak_amount(Won(15_600)), "ko")
    assert gone.wait(LONGEST_S)
    speaker.close()
    assert player.played == []


def test_a_player_that_fails_half_way_leaves_the_whole_text_to_the_engine(pack, player, engine):
    def play(recording, interrupt):
        if player.played:
            raise OutputFailure("unplugged")
        FakePlayer.play(player, recording, interrupt)

    player.play = play
    speaker = QueuedSpeaker(engine.open, pack, lambda _: TEXTS)
    amount = READERS["ko"].speak_amount(Won(15_600))
    assert said_of(speaker, player, engine, amount, 1, 2) == [sample(1), "오", amount.text]
    speaker.close()


def test_an_engine_that_fails_half_way_says_the_whole_text_once_it_is_back(pack, player, engine):
    def speak(utterance, interrupt):
        engine.speak = said
        raise OutputFailure("the daemon was restarted")

    said, engine.speak = engine.speak, speak
    speaker = QueuedSpeaker(engine.open, pack, lambda _: TEXTS)
    amount = READERS["ko"].speak_amount(Won(15_600))
    assert said_of(speaker, player, engine, amount, 1, 1) == [sample(1), amount.text]
    assert engine.opened == 2
    speaker.close()


def test_a_text_in_pieces_ends_where_it_is_interrupted(pack, player, engine):
    speaker = QueuedSpeaker(engine.open, pack, lambda _: TEXTS)
    speak = engine.speak

    def interrupted(utterance, interrupt):
        speak(utterance, interrupt)
        interrupt.request()

    engine.speak = interrupted
    said_of(speaker, player, engine, READERS["ko"].speak_amount(Won(15_600)), 1, 1)
    engine.speak = speak
    said_of(speaker, player, engine, "다음", 0, 1)
    speaker.close()
    assert player.said == [sample(1), "오", "다음"]


def test_another_language_has_recordings_of_its_own(speaker, engine):
    speaker.say(AMOUNT, "en")
    assert engine.heard.acquire(timeout=LONGEST_S)


def test_a_player_that_fails_leaves_the_text_to_the_engine(speaker, player, engine):
    player.failure = OutputFailure("no device")
    speaker.say(AMOUNT, "ko")
    assert engine.heard.acquire(timeout=LONGEST_S)


def test_at_another_speed_the_engine_speaks_and_recordings_only_in_its_place(
    speaker, player, engine
):
    speaker.set_speed(150)
    speaker.say(AMOUNT, "ko")
    assert engine.heard.acquire(timeout=LONGEST_S)
    engine.failure = OutputFailure("no engine")
    speaker.say(AMOUNT, "ko")
    assert player.heard.acquire(timeout=LONGEST_S)
    assert speaker.problem == ""


def test_recordings_of_different_rates_are_played_one_after_the_other(
    tmp_path, speaker, player, engine
):
    write_wav(tmp_path / "ko" / "unit.won.wav", samples(1_000), rate=44_100)
    assert said_of(speaker, player, engine, AMOUNT, 2, 0) == [sample(1, 2, 3), sample(10)]


def test_the_pack_names_what_is_missing(pack):
    missing = pack.missing(phrase_list("ko", {"broken": "깨짐"}), "ko")
    assert missing[0] == "broken"
    assert set(AMOUNT.clips).isdisjoint(missing)
    assert len(missing) == 1 + len(READERS["ko"].PIECES) - len(set(AMOUNT.clips))


# Files


def test_a_volume_makes_samples_smaller_and_keeps_their_form(tmp_path):
    write_wav(tmp_path / "a.wav", samples(-32_768, 32_767, 100, 0), channels=2)
    recording = read_wav(tmp_path / "a.wav")
    assert recording.at_volume(100) is recording
    quiet = recording.at_volume(50)
    assert (quiet.channels, quiet.rate) == (2, 22_050)
    assert array("h", quiet.frames).tolist() == [-16_384, 16_383, 50, 0]
    (tmp_path / "b.wav").write_bytes(quiet.file_bytes())
    assert read_wav(tmp_path / "b.wav") == quiet
    assert quiet.seconds == 2 / 22_050


def test_files_that_are_no_16_bit_wav_are_failures(tmp_path):
    path = tmp_path / "a.wav"
    with pytest.raises(OutputFailure, match=r"a\.wav: .*No such file"):
        read_wav(path)
    for content in (b"", b"RIFF", b"RIFF\x24\0\0\0WAVEfmt ", b"ID3" * 50):
        path.write_bytes(content)
        with pytest.raises(OutputFailure, match=r"^a\.wav: .+"):
            read_wav(path)
    write_wav(path, array("b", [1, 2]), width=1)
    with pytest.raises(OutputFailure, match="no 16-bit samples"):
        read_wav(path)
    write_wav(path, samples())
    with pytest.raises(OutputFailure, match="nothing in it"):
        read_wav(path)


def test_recordings_are_joined_in_order():
    first, second = Recording(1, 8_000, b"\1\0"), Recording(1, 8_000, b"\2\0")
    assert join_recordings([first, second]).frames == b"\1\0\2\0"


# Players


PLAYER = """#!{python}
import shutil, sys, time
if {fault!r} == "fails":
    sys.exit(1)
shutil.copy(sys.argv[-1], {copy!r})
if {fault!r} == "hangs":
    time.sleep({for_ever})
"""


@pytest.fixture
def install(tmp_path):
    """Puts a player with a fault on the path; returns its file of what was played."""

    def install_one(name, fault=""):
        copy = tmp_path / f"{name}.played"
        text = PLAYER.format(
            python=sys.executable, fault=fault, copy=str(copy), for_ever=FOR_EVER_S
        )
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
        return copy

    return install_one


def program_player(tmp_path, *names):
    commands = tuple((str(tmp_path / name), "-q") for name in names)
    return ProgramPlayer(commands)


SOUND = Recording(1, 8_000, b"\1\0" * 8)


def test_the_first_player_that_works_plays(install, tmp_path):
    install("pw-play", "fails")
    copy = install("aplay")
    program_player(tmp_path, "not-installed", "pw-play", "aplay").play(SOUND, Interrupt())
    assert copy.read_bytes() == SOUND.file_bytes()


def test_players_that_all_fail_are_a_failure(install, tmp_path):
    install("pw-play", "fails")
    install("aplay", "fails")
    with pytest.raises(OutputFailure, match="aplay: exit code 1"):
        program_player(tmp_path, "pw-play", "aplay").play(SOUND, Interrupt())


def test_a_system_without_a_player(tmp_path):
    with pytest.raises(OutputFailure, match=r"no player of sounds is installed: .*aplay"):
        program_player(tmp_path, "aplay").play(SOUND, Interrupt())


def test_a_player_that_hangs_is_ended(install, tmp_path, monkeypatch):
    install("aplay", "hangs")
    monkeypatch.setattr("posapp.system.sound.wav_player.SPARE_SECONDS", 0.05)
    with pytest.raises(OutputFailure, match="no end within"):
        program_player(tmp_path, "aplay").play(SOUND, Interrupt())


def test_an_interrupted_player_is_ended(install, tmp_path):
    install("aplay", "hangs")
    interrupt = Interrupt()
    interrupt.request()
    program_player(tmp_path, "aplay").play(SOUND, interrupt)


def test_each_system_has_a_player(tmp_path):
    assert isinstance(player_of("win32"), WindowsPlayer)
    assert isinstance(player_of("darwin"), ProgramPlayer)
    with pytest.raises(OutputFailure, match="winsound is on Windows only"):
        player_of("win32").play(SOUND, Interrupt())
    with pytest.raises(OutputFailure, match="no player of sounds"):
        player_of("haiku").play(SOUND, Interrupt())
