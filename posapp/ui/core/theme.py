"""Theme: tokens of three themes and two densities, rendered into one style sheet.

No colour, size or radius is written anywhere else: a widget's ``role`` property selects its style,
and widgets that paint themselves use ``colour(token)`` and ``size(token)``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from string import Template
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from PySide6 import QtCore
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from posapp.ui.core.fonts import application_font, load_fonts
from posapp.ui.core.resources import resource

if TYPE_CHECKING:
    from posapp.ui.core.restyling import Restyling

THEMES = ("light", "dark", "contrast")
"""Names of the themes."""

AUTO = "auto"
"""Choice that follows the system's light or dark scheme."""

COUNTER = "counter"
"""Density of the windows that staff use."""

KIOSK = "kiosk"
"""Density of the windows that buyers touch: larger targets and texts."""

STYLE_ARGUMENTS = ("-style", "fusion")
"""Arguments for QApplication: the same base style below the style sheet on every system."""


class Theme(QObject):
    """Current theme. ``changed`` is emitted after the style sheet was replaced.

    Args:
        choice: a theme's name, or ``"auto"`` to follow the system.
        density: ``COUNTER`` or ``KIOSK``.
        text_size: percent of the usual size that is chosen.
    """

    changed = Signal()
    text_size_chosen = Signal()

    def __init__(
        self,
        choice: str = AUTO,
        parent: QObject | None = None,
        *,
        density: str = COUNTER,
        text_size: str = "100",
    ) -> None:
        super().__init__(parent)
        self._tokens = Tokens()
        self._own_sizes: dict[str, int] = {}
        self._density = density
        self._text_size = text_size
        self._template = Template(resource("theme", "style.qss.in").read_text("utf-8"))
        self._choice = choice if choice in (*THEMES, AUTO) else AUTO
        self._app: QApplication | None = None
        self._has_type = False
        self._pages: WeakSet[QWidget] = WeakSet()
        self._restyling: Restyling | None = None
        self._system_dark = _system_is_dark()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def choice(self) -> str:
        """Return the configured choice: a theme's name or ``"auto"``."""
        return self._choice

    @property
    def name(self) -> str:
        """Return the active theme: ``"light"``, ``"dark"`` or ``"contrast"``."""
        if self._choice != AUTO:
            return self._choice
        return "dark" if self._system_dark else "light"

    def set_name(self, name: str) -> None:
        """Choose a theme, or ``"auto"``.

        Raises:
            ValueError: the theme does not exist.
        """
        if name not in (*THEMES, AUTO):
            raise ValueError(f"no such theme: {name}")
        before = self.name
        self._choice = name
        if self.name != before:
            self._render(self._pages)

    @property
    def density(self) -> str:
        """``COUNTER`` or ``KIOSK``. Setting it restyles all windows.

        Raises:
            ValueError: on setting one that does not exist.
        """
        return self._density

    @density.setter
    def density(self, density: str) -> None:
        if density not in (COUNTER, KIOSK):
            raise ValueError(f"no such density: {density}")
        if density == self.density:
            return
        self._density = density
        if self._app is not None:
            self._app.setFont(application_font(self.size("font-body")))
        self._render()

    @property
    def text_size(self) -> str:
        """Percent of the usual size of everything. Another one takes effect at the next start."""
        return self._text_size

    def choose_text_size(self, percent: str) -> None:
        """Choose the size of everything from the next start on."""
        if percent != self._text_size:
            self._text_size = percent
            self.text_size_chosen.emit()

    def colour(self, token: str) -> QColor:
        """Return a colour of the active theme.

        Raises:
            KeyError: the token does not exist.
        """
        return QColor(self._tokens[self.name][token])

    def size(self, token: str) -> int:
        """Return a size in device-independent pixels: of the density, the same in every theme.

        Raises:
            KeyError: the token does not exist.
        """
        return int(self._sizes()[token])

    def set_sizes(self, sizes: Mapping[str, int]) -> None:
        """Replace sizes of the density by those of a screen and of who looks at it; all windows
        are restyled.

        Args:
            sizes: pixels by token; tokens that are not among them have their usual size.
        """
        if sizes == self._own_sizes:
            return
        self._own_sizes = dict(sizes)
        if self._app is not None:
            self._app.setFont(application_font(self.size("font-body")))
        self._render(self._pages)

    def apply(self, app: QApplication) -> None:
        """Apply theme and font to the whole application, now and whenever the theme changes.

        ``changed`` is not emitted now: colours read before are the same.
        """
        self._app = app
        self.set_font(app)
        self._apply_theme(app)

    def style_when_shown(self, page: QWidget) -> None:
        """While this widget is hidden, it and all that is in it keep their colours: they take those
        of another theme when it is shown."""
        self._pages.add(page)

    def set_font(self, app: QApplication) -> None:
        """Set the application font, once. Widgets created earlier keep another font."""
        if not self._has_type:
            load_fonts()
            app.setFont(application_font(self.size("font-body")))
            self._has_type = True

    def stylesheet(self) -> str:
        """Return the style sheet of the active theme."""
        return self._template.substitute(self._values())

    def _values(self) -> dict[str, str]:
        colours = {_key(token): value for token, value in self._tokens[self.name].items()}
        sizes = self._sizes()
        lengths = sizes | _derived(sizes)
        return colours | {_key(token): f"{value}px" for token, value in lengths.items()}

    def _sizes(self) -> dict[str, Any]:
        sizes = self._tokens["sizes"]
        of_density = sizes | self._tokens[KIOSK] if self._density == KIOSK else sizes
        return of_density | self._own_sizes

    def _render(self, pages: Iterable[QWidget] = ()) -> None:
        if self._app is not None:
            self._apply_theme(self._app, pages)
            self.changed.emit()

    def _apply_theme(self, app: QApplication, pages: Iterable[QWidget] = ()) -> None:
        app.setPalette(self._palette())
        if not app.styleSheet():
            app.setStyleSheet(self.stylesheet())
            return
        if self._restyling is None:
            from posapp.ui.core.restyling import Restyling  # touches Qt's enums

            self._restyling = Restyling(self)
        self._restyling.change(app, self.stylesheet(), pages)

    def _palette(self) -> QPalette:
        palette = QPalette()
        for role, token in _PALETTE.items():
            palette.setColor(role, self.colour(token))
        muted = self.colour("text-muted")
        for role in (_ROLE.Text, _ROLE.WindowText, _ROLE.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, muted)
        return palette

    def _follow_system(self, scheme: QtCore.Qt.ColorScheme) -> None:
        before = self.name
        self._system_dark = scheme is QtCore.Qt.ColorScheme.Dark
        if self.name != before:
            self._render(self._pages)


class Tokens(dict[str, dict[str, Any]]):
    """A table for each theme, ``sizes``, and those that are others at a kiosk.

    Each is parsed when it is first asked for: a start needs two of five.
    """

    def __init__(self) -> None:
        super().__init__()
        text = resource("theme", "tokens.toml").read_text("utf-8")
        tables = (part.partition("]") for part in f"\n{text}".split("\n[")[1:])
        self._sources = {name: table for name, _, table in tables}

    def __missing__(self, name: str) -> dict[str, Any]:
        self[name] = tomllib.loads(self._sources[name])
        return self[name]


def _system_is_dark() -> bool:
    """Return whether the system is dark, from its palette.

    Its colour scheme would touch one of Qt's enums before the first paint.
    """
    QGuiApplication.setPalette(QPalette())
    return QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128


def _derived(sizes: dict[str, Any]) -> dict[str, int]:
    """Return the lengths that the style sheet needs and cannot compute.

    A control has the same size in every state: what its border and margin give, its padding takes.
    ``<token>-inner`` is the height of its contents, ``side`` the padding beside its text.
    """
    ring, press = sizes["ring"], sizes["press"]
    inner = {
        f"{token}-inner": sizes[token] - 2 * (ring + press)
        for token in ("target", "target-large", "field")
    }
    return inner | {
        "ring-thin": ring - 1,  # margin around an edge of 1 pixel
        "ring-middle": ring - 2,  # … of 2 pixels
        "side": sizes["padding"] - ring,
        "side-pressed": sizes["padding"] - ring - press,
        "side-small": sizes["padding"] // 2 - press,
        "side-small-pressed": sizes["padding"] // 2 - 2 * press,
        "low-inner": sizes["target"] - 16,  # of a control that is drawn lower than its target
    }


def _key(token: str) -> str:
    return token.replace("-", "_")


_ROLE = QPalette.ColorRole

_PALETTE = {
    _ROLE.Window: "surface",
    _ROLE.WindowText: "text",
    _ROLE.Base: "surface-raised",
    _ROLE.AlternateBase: "surface-sunken",
    _ROLE.Text: "text",
    _ROLE.Button: "surface-raised",
    _ROLE.ButtonText: "text",
    _ROLE.BrightText: "on-accent",
    _ROLE.Highlight: "selection",
    _ROLE.HighlightedText: "on-selection",
    _ROLE.PlaceholderText: "text-muted",
    _ROLE.ToolTipBase: "surface-raised",
    _ROLE.ToolTipText: "text",
    _ROLE.Link: "accent",
    _ROLE.Mid: "border",
}
