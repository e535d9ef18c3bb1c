"""The next language and the next theme, by one key each."""

from __future__ import annotations

from posapp.ui.core.i18n import LANGUAGES, Translator
from posapp.ui.core.theme import AUTO, THEMES, Theme

_CHOICES = (AUTO, *THEMES)


def next_language(texts: Translator) -> str:
    """Change to the next language; return what says so in both."""
    before = texts("window.other_language_is")
    at = LANGUAGES.index(texts.language)
    texts.set_language(LANGUAGES[(at + 1) % len(LANGUAGES)])
    return f"{before}\n{texts('window.language_is')}"


def next_theme(texts: Translator, theme: Theme) -> str:
    """Change to the next theme; return what says its name."""
    theme.set_name(_CHOICES[(_CHOICES.index(theme.choice) + 1) % len(_CHOICES)])
    return texts("window.theme_is", theme=texts(f"window.theme_{theme.choice}"))
