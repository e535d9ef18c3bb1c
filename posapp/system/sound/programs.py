"""Runs a program that makes sound, within a limit of time, until it ends or is interrupted."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from contextlib import suppress

from posapp.system.sound.output_queue import Interrupt, OutputFailure

NO_WINDOW: int = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Flag of Windows: a console program opens no window."""


def run_until_silent(
    command: Sequence[str], text: str, seconds: float, interrupt: Interrupt
) -> None:
    """Run a program to its end, with ``text`` as its input.

    Raises:
        OutputFailure: it cannot be started, takes longer than ``seconds`` or ends with an error.
    """
    name = command[0]
    try:
        child = subprocess.Popen(  # noqa: S603 - a fixed list of programs, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            creationflags=NO_WINDOW,
        )
    except OSError as error:
        raise OutputFailure(f"{name}: {error.strerror or error}") from error
    try:
        with interrupt.calling(lambda: kill(child)):
            child.communicate(text.encode(errors="replace"), timeout=seconds)
    except subprocess.TimeoutExpired as error:
        raise OutputFailure(f"{name}: no end within {seconds:.0f} s") from error
    except OSError as error:
        raise OutputFailure(f"{name}: {error.strerror or error}") from error
    finally:
        end(child)
    if child.returncode and not interrupt.is_requested:
        raise OutputFailure(f"{name}: exit code {child.returncode}")


def end(child: subprocess.Popen[bytes]) -> None:
    """Kill a program that still runs and close its pipes; waits for its end no longer than 1 s."""
    kill(child)
    with suppress(subprocess.TimeoutExpired):  # e.g. in a driver that hangs
        child.wait(1)
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def kill(child: subprocess.Popen[bytes]) -> None:
    """Kill a program; one that has ended is left alone."""
    with suppress(OSError):
        child.kill()
