"""Page of the language and the theme."""

from __future__ import annotations

from posapp.ui.core.i18n import LANGUAGES, Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import AUTO, THEMES, Theme
from posapp.ui.shell.screen import Screen
from posapp.ui.widgets import boxes
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.segmented_control import SegmentedControl

_WIDEST = 720
_CHOICES = (AUTO, *THEMES)


class AppearanceScreen(Screen):
    """Each choice takes effect at once; F9 and F10 do the same on every page."""

    def __init__(self, texts: Translator, theme: Theme, runner: TaskRunner) -> None:
        super().__init__(texts, theme, runner)
        self._labels = {name: Label("field") for name in ("language", "theme")}
        self.language = SegmentedControl(theme, LANGUAGES)
        self.language.setObjectName("language")
        self.language.chosen.connect(lambda key: texts.set_language(str(key)))
        self.theme_choice = SegmentedControl(theme, _CHOICES)
        self.theme_choice.setObjectName("theme")
        self.theme_choice.chosen.connect(lambda key: theme.set_name(str(key)))
        card = Card(padding=24)
        card.setMaximumWidth(_WIDEST)
        for name, control in (("language", self.language), ("theme", self.theme_choice)):
            card.body.addWidget(self._labels[name])
            card.body.addWidget(control)
            card.body.addSpacing(8)
        boxes.column(card, 1, on=self, margins=(24, 8, 24, 16))
        texts.changed.connect(self._retranslate)
        theme.changed.connect(self._retranslate)
        self._retranslate()
        self.setFocusProxy(self.language.segments[0])

    def _retranslate(self) -> None:
        texts = self._texts
        self.language.choose(texts.language)
        self.theme_choice.choose(self._theme.choice)
        self._labels["language"].setText(texts("appearance.language"))
        self._labels["theme"].setText(texts("appearance.theme"))
        self.language.set_text(
            texts("appearance.language"), [texts(f"appearance.{one}") for one in LANGUAGES]
        )
        self.theme_choice.set_text(
            texts("appearance.theme"), [texts(f"window.theme_{one}") for one in _CHOICES]
        )
