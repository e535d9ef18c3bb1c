"""Speech on Windows: one PowerShell child with ``System.Speech``, fed by lines.

Not run by the tests, which have no Windows: they hold this side of the protocol against a stand-in.
"""

from __future__ import annotations

import base64
import time

from posapp.system.sound.output_queue import Interrupt, OutputFailure
from posapp.system.speech.engine import ANSWER_SECONDS, Utterance
from posapp.system.speech.line_channel import LineChannel, start_child

NAME = "powershell"

START_SECONDS = 20
"""Limit for the first answer: a cold PowerShell takes seconds."""

RATES = {75: -3, 100: 0, 125: 2, 150: 4, 200: 6}
"""Percent of the usual speed → ``SpeechSynthesizer.Rate``: ten steps are three times the speed."""

_LONGEST_SAID = 700
"""Characters of one text: in UTF-8 and base64 they fit into one line of the channel."""

SCRIPT = r"""
$ErrorActionPreference = 'Stop'
function Answer([string] $line) { [Console]::Out.WriteLine($line); [Console]::Out.Flush() }
Add-Type -AssemblyName System.Speech
$voice = New-Object System.Speech.Synthesis.SpeechSynthesizer
$voice.SetOutputToDefaultAudioDevice()
$cultures = @($voice.GetInstalledVoices() | Where-Object { $_.Enabled } |
    ForEach-Object { $_.VoiceInfo.Culture.Name } | Sort-Object -Unique)
Answer ('READY ' + ($cultures -join ','))
$reader = New-Object System.IO.StreamReader([Console]::OpenStandardInput())
$said = $null
while ($true) {
    $next = $reader.ReadLineAsync()
    while (-not $next.Wait(20)) {
        if ($said -ne $null -and $said.IsCompleted) { $said = $null; Answer 'END' }
    }
    if ($next.Result -eq $null) { exit 0 }
    try {
        $voice.SpeakAsyncCancelAll()
        $said = $null
        $part = $next.Result.Split(' ')
        if ($part[0] -eq 'SAY') {
            $culture = $cultures | Where-Object { $_ -like ($part[1] + '-*') } |
                Select-Object -First 1
            if ($culture -eq $null) { Answer 'NOVOICE'; continue }
            $voice.SelectVoiceByHints('NotSet', 'NotSet', 0, [Globalization.CultureInfo] $culture)
            $voice.Rate = [int] $part[2]
            $voice.Volume = [int] $part[3]
            $bytes = [Convert]::FromBase64String($part[4])
            $said = $voice.SpeakAsync([Text.Encoding]::UTF8.GetString($bytes))
        }
        Answer 'OK'
    } catch { Answer 'FAILED' }
}
"""
"""Program of the child.

It answers ``READY`` with the cultures of the voices; each line ``SAY language rate volume text``
(base64 of UTF-8) or ``STOP`` with ``OK``, ``NOVOICE`` or ``FAILED``; and says ``END`` once the text
has been spoken.
"""

COMMAND = (
    "powershell.exe",
    *("-NoLogo", "-NoProfile", "-NonInteractive", "-EncodedCommand"),
    base64.b64encode(SCRIPT.encode("utf-16-le")).decode(),
)


class WindowsSpeech:
    """A PowerShell child that speaks."""

    def __init__(self, channel: LineChannel) -> None:
        self._channel = channel
        ready, _, cultures = self._answer(START_SECONDS).partition(" ")
        if ready != "READY":
            raise OutputFailure(f"{NAME}: does not begin")
        self._languages = frozenset(one[:2].lower() for one in cultures.split(",") if one)

    def speak(self, utterance: Utterance, interrupt: Interrupt) -> None:
        """See ``SpeechEngine``."""
        said = utterance.line[:_LONGEST_SAID]
        if not said:
            return
        text = base64.b64encode(said.encode(errors="replace")).decode()
        rate = RATES[utterance.speed]
        self._command(f"SAY {utterance.language} {rate} {utterance.volume} {text}")
        until = time.monotonic() + utterance.limit_seconds
        line = self._channel.receive(until, interrupt)
        if line is None:
            self._command("STOP")
        elif line != "END":
            raise OutputFailure(f"{NAME}: an answer that is none")

    def voices(self) -> frozenset[str]:
        """See ``SpeechEngine``."""
        return self._languages

    def close(self) -> None:
        """See ``SpeechEngine``."""
        self._channel.close()

    def _command(self, line: str) -> None:
        self._channel.send(line)
        answer = self._answer(ANSWER_SECONDS)
        if answer == "END":  # of the text that this command has ended
            answer = self._answer(ANSWER_SECONDS)
        if answer != "OK":
            what = "no voice of the language" if answer == "NOVOICE" else "refuses"
            raise OutputFailure(f"{NAME}: {what}")

    def _answer(self, seconds: float) -> str:
        return (self._channel.receive(time.monotonic() + seconds) or "").lstrip("\ufeff")


def open_windows_speech(command: tuple[str, ...] = COMMAND) -> WindowsSpeech:
    """Start the child; raises ``OutputFailure``."""
    channel = start_child(NAME, command)
    try:
        return WindowsSpeech(channel)
    except OutputFailure:
        channel.close()
        raise
