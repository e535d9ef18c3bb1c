"""``posapp help``: the titles of the manual, or the whole of it as web pages."""

from __future__ import annotations

from pathlib import Path

from posapp.app.commands import CommandResult
from posapp.app.manual_html import write_html
from posapp.system.disk import disk_problem_of
from posapp.ui.core.i18n import LANGUAGES, Translator
from posapp.ui.help.manual import Manual


def show_help(language: str, folder: Path | None) -> CommandResult:
    """List the pages of the manual, or write them as web pages.

    Args:
        language: one that the program does not have is Korean.
        folder: where the web pages go; ``None`` lists the titles.

    Raises:
        EnvironmentProblem: the folder cannot be written.
    """
    texts = Translator(language if language in LANGUAGES else "ko")
    if folder is None:
        titles = [topic.title for topic in Manual(texts.language).topics.values()]
        return CommandResult((*titles, texts("commands.help_html")))
    try:
        written = write_html(folder)
    except OSError as error:
        raise disk_problem_of(error, folder) from error
    return CommandResult(
        (texts("commands.help_written", count=len(written), first=written[0].absolute()),)
    )
