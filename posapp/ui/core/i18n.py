"""Translations: every text on screen comes from a catalogue, in Korean or English.

A catalogue is a TOML file by language and screen; a message's id is ``<screen>.<key>``. A file is
read when its first message is requested, so the first window reads only its own.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from string import Formatter

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QObject, QTranslator, Signal

from posapp.domain.errors import (
    EnvironmentProblem,
    GatewayCause,
    GatewayError,
    PosappError,
    UserError,
)
from posapp.domain.money import Won
from posapp.ui.core.bound_text import BoundText, TextBindings
from posapp.ui.core.formats import grouped, seoul
from posapp.ui.core.resources import resource

LANGUAGES = ("ko", "en")
"""Supported languages; the first is the default."""

SOURCE_LANGUAGE = "en"
"""Language of Qt's own texts before translation."""

_log = logging.getLogger(__name__)


class Translator(QObject):
    """Translates message ids into the current language.

    Call it with a message id and the message's parameters for a text of this moment. For a text
    that stays on screen ``bind`` it, and give it to the widget, which then follows the language::

        self.title = Label("title", text=texts.bind("order_page.title"))
        self.title.set_values(order=order.id)

    What cannot be bound (a table's rows, a painted text) is made again on ``changed``, which is
    emitted after all bound texts have changed.

    Args:
        language: ``"ko"`` or ``"en"``.
        now: returns the current time (UTC, aware); ``when`` derives today from it.
    """

    changed = Signal()

    def __init__(
        self,
        language: str = "ko",
        parent: QObject | None = None,
        *,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        super().__init__(parent)
        self._language = language if language in LANGUAGES else LANGUAGES[0]
        self._now = now or _utc_now
        self._catalogues: dict[str, Mapping[str, str]] = {}
        self._qt_translators: tuple[QTranslator, ...] | None = None
        self._made_translators: dict[str, tuple[QTranslator, ...]] = {}
        self._bindings = TextBindings()

    @property
    def language(self) -> str:
        """Return ``"ko"`` or ``"en"``."""
        return self._language

    def set_language(self, language: str) -> None:
        """Change the language of the whole user interface.

        Raises:
            ValueError: the language is not supported.
        """
        if language not in LANGUAGES:
            raise ValueError(f"no such language: {language}")
        if language == self._language:
            return
        self._language = language
        self._catalogues.clear()
        if self._qt_translators is not None:
            self.translate_qt()
        self._bindings.render()
        self.changed.emit()

    def translate_qt(self) -> None:
        """Translate Qt's own texts (dialogs, context menus) into the current language.

        Reads a file and sends an event to every widget, so the app calls it after the first paint.
        From then on, ``set_language`` repeats it.
        """
        app = QCoreApplication.instance()
        if app is None:
            return
        for installed in self._qt_translators or ():
            app.removeTranslator(installed)
        self._qt_translators = ()
        if self._language == SOURCE_LANGUAGE:
            return
        if self._language not in self._made_translators:
            self._made_translators[self._language] = self._make_translators()
        self._qt_translators = self._made_translators[self._language]
        for translator in self._qt_translators:
            app.installTranslator(translator)

    def _make_translators(self) -> tuple[QTranslator, ...]:
        """Make those of the current language, once: they live as long as this object.

        One that was removed and deleted later ended the program now and then: Shiboken had freed
        its Python side by the time that Qt deleted it.
        """
        base = QTranslator(self)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if not base.load(f"qtbase_{self._language}", folder):
            _log.warning("Qt brings no words in %s", self._language)
        # Qt asks the last one installed first: the catalogue only fills the gaps.
        return QtGaps(self._language, self), base

    def __call__(self, message_id: str, /, **parameters: object) -> str:
        """Return the text of a message with its ``{names}`` replaced by the parameters."""
        return self._sentence(message_id, parameters)

    def bind(self, message_id: str, /, **values: object) -> BoundText:
        """Return a message for a widget that keeps it in the current language.

        Its parameters may be given later. See ``BoundText`` and this class.
        """
        return BoundText(message_id, values, self._bound_sentence, self._bindings)

    def has(self, message_id: str) -> bool:
        """Return whether the catalogue contains the message."""
        screen, _, key = message_id.partition(".")
        return key in self._catalogue(screen)

    def won(self, amount: int) -> str:
        """Format an amount of won: ``12,000원``, in English ``₩12,000``."""
        sign = "-" if amount < 0 else ""
        return sign + self("words.won", amount=grouped(abs(amount)))

    def when(self, at: datetime) -> str:
        """Format an aware time in Seoul briefly: ``오늘 14:05``, ``11월 23일 (월) 14:05``.

        The year is included only if it is not the current one.
        """
        return self._dated(at, f"{seoul(at):%H:%M}")

    def day(self, at: datetime) -> str:
        """Format the day of an aware time in Seoul briefly: ``오늘``, ``11월 23일 (월)``."""
        return self._dated(at, "").strip(" ,")

    def moment(self, at: datetime) -> str:
        """Format an aware time in Seoul in full: ``2026년 11월 23일 (월) 14:05:09``."""
        local = seoul(at)
        return self._dated(at, f"{local:%H:%M:%S}", form="other_year")

    def time_now(self) -> str:
        """Return the time in Seoul: ``14:05``."""
        return f"{seoul(self._now()):%H:%M}"

    def error(self, error: Exception) -> str:
        """Return the message of an error, with advice where there is some."""
        if isinstance(error, UserError):
            said = {
                name: self.won(value) if isinstance(value, Won) else value
                for name, value in error.parameters.items()
            }
            return self._sentence(f"errors.{error.code.value}", said)
        if isinstance(error, EnvironmentProblem):
            return self(f"errors.env_{error.code.value}", detail=error.detail)
        if isinstance(error, GatewayError):
            return self._gateway(error)
        return self("errors.unexpected")

    def error_with_code(self, error: Exception) -> str:
        """Return the message of an error and its code, where both are in one line."""
        return f"{self.error(error)} ({self.error_code(error)})"

    def error_code(self, error: Exception) -> str:
        """Return the short code of an error, for the log and for support calls."""
        if isinstance(error, (UserError, EnvironmentProblem)):
            return error.code.value
        if isinstance(error, GatewayError):
            number = "" if error.code is None else f"_{error.code}"
            return f"portone_{error.cause.value}{number}"
        if isinstance(error, PosappError):
            return "internal"
        return "unexpected"

    def _gateway(self, error: GatewayError) -> str:
        said = error.text.strip()
        if error.cause is GatewayCause.REFUSED and said:
            return self("errors.portone_refused_said", text=said)
        return self(f"errors.portone_{error.cause.value}")

    def _dated(self, at: datetime, time: str, *, form: str = "") -> str:
        local, today = seoul(at), seoul(self._now())
        days = (local.date() - today.date()).days
        if not form:
            near = {0: "today", -1: "yesterday", 1: "tomorrow"}.get(days)
            form = near or ("this_year" if local.year == today.year else "other_year")
        return self(
            f"words.{form}",
            time=time,
            year=local.year,
            month=self("words.months").split()[local.month - 1],
            day=local.day,
            weekday=self("words.weekdays").split()[local.weekday()],
        )

    def _bound_sentence(self, message_id: str, values: Mapping[str, object]) -> str:
        """Return a text, or nothing while no value of a message with parameters is given."""
        screen, _, key = message_id.partition(".")
        is_waiting = not values and "{" in self._catalogue(screen).get(key, "")
        return "" if is_waiting else self._sentence(message_id, values)

    def _sentence(self, message_id: str, parameters: Mapping[str, object]) -> str:
        screen, _, key = message_id.partition(".")
        pattern = self._catalogue(screen).get(key)
        if pattern is None:
            _log.error("no such message: %s", message_id)
            return message_id
        if "|" in pattern:
            return _WITH_NOUNS.vformat(pattern, (), _Parameters(parameters))
        return pattern.format_map(_Parameters(parameters)) if "{" in pattern else pattern

    def _catalogue(self, screen: str) -> Mapping[str, str]:
        known = self._catalogues.get(screen)
        if known is None:
            known = self._catalogues[screen] = read_catalogue(self._language, screen)
        return known


class QtGaps(QTranslator):
    """Words of Qt that Qt's own translation lacks, from the catalogue ``qt``.

    A message's text in Qt's source language is the word that Qt asks for.
    """

    # Qt may ask once more while the garbage collector has emptied the object already.
    _by_source: Mapping[str, str] = {}

    def __init__(self, language: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sources = read_catalogue(SOURCE_LANGUAGE, "qt")
        texts = read_catalogue(language, "qt")
        self._by_source = {source: texts[key] for key, source in sources.items() if key in texts}

    def isEmpty(self) -> bool:
        """Return whether there is no word at all."""
        return not self._by_source

    def translate(
        self, context: str, source: str, _disambiguation: str | None = None, _n: int = -1
    ) -> str | None:
        """Return the translation of a word, or ``None`` if the catalogue lacks it."""
        return self._by_source.get(source)


class _Parameters(dict[str, object]):
    """Message parameters. A missing one renders as "…" and is logged."""

    def __missing__(self, name: str) -> str:
        _log.error("a message lacks its parameter %s", name)
        return "…"


class _WithNouns(Formatter):
    """Writes ``{count:order|orders}`` as ``1 order`` and ``2 orders``."""

    def format_field(self, value: object, format_spec: str) -> str:
        """Return a value, with its noun in singular or plural if there are both."""
        one, bar, several = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return f"{value} {one if str(value) == '1' else several}"


_WITH_NOUNS = _WithNouns()


def read_catalogue(language: str, screen: str) -> Mapping[str, str]:
    """Read one catalogue; return an empty one if the screen has none."""
    path = resource("i18n", language, f"{screen}.toml")
    if not path.is_file():
        _log.error("no catalogue %s/%s", language, screen)
        return {}
    with path.open("rb") as file:
        return tomllib.load(file)


def _utc_now() -> datetime:
    return datetime.now(UTC)
