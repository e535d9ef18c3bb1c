"""The theme: readable in every set, complete, and the only place with colours."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFontMetricsF, QRawFont

from posapp.ui.core.fonts import application_font, load_fonts, paths_of_fonts
from posapp.ui.core.resources import resource
from posapp.ui.core.theme import COUNTER, KIOSK, THEMES, Theme, Tokens
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.choice_button import CheckChip
from posapp.ui.widgets.field import FieldLine
from posapp.ui.widgets.money import MoneyLabel
from posapp.ui.widgets.roles import Label

UI = Path(__file__).parents[3] / "posapp" / "ui"

GROUNDS = ("surface", "surface-raised", "surface-sunken")
TEXTS = (
    *((text, ground) for text in ("text", "text-muted", "money", "accent") for ground in GROUNDS),
    *((text, ground) for text in ("danger", "success", "warning", "notice") for ground in GROUNDS),
    *((tone, f"{tone}-soft") for tone in ("danger", "success", "warning", "notice")),
    *(("text", f"{tone}-soft") for tone in ("danger", "success", "warning", "notice")),
    ("text-muted", "danger-soft"),
    ("text-muted", "success-soft"),
    ("text-muted", "notice-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("on-accent", "accent-pressed"),
    ("on-accent-soft", "accent-soft"),
    ("on-danger", "danger-fill"),
    ("on-danger", "danger-fill-hover"),
    ("on-danger", "danger-fill-pressed"),
    ("on-kakao", "kakao"),
    ("on-kakao", "kakao-hover"),
    ("on-kakao", "kakao-pressed"),
    ("on-selection", "selection"),
    ("on-hover", "hover"),
    *(("on-disabled", ground) for ground in GROUNDS),
    ("on-badge-test", "badge-test"),
    ("on-badge-live", "badge-live"),
    ("qr-ink", "qr-paper"),
)
EDGES = (
    *(
        (edge, ground)
        for edge in ("border", "focus", "disabled-edge", "focus-filled", "focus-kakao")
        for ground in GROUNDS
    ),
    *((lamp, "surface-raised") for lamp in ("success", "warning", "danger", "text-muted")),
    ("danger", "danger-soft"),
    ("focus-filled", "accent"),
    ("focus-filled", "danger-fill"),
    ("focus-kakao", "kakao"),
    ("focus-on-selection", "selection"),
    ("accent", "surface-raised"),
    ("accent", "accent-soft"),
)


def _luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: QColor, other: QColor) -> float:
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_the_measure_itself():
    assert _contrast(QColor("white"), QColor("black")) == pytest.approx(21, abs=0.01)
    assert _contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read(qapp, name, text, ground):
    theme = Theme(name)
    least = 7.0 if name == "contrast" else 4.5
    assert _contrast(theme.colour(text), theme.colour(ground)) >= least


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_edges_of_controls_and_the_focus_can_be_seen(qapp, name, edge, ground):
    theme = Theme(name)
    assert _contrast(theme.colour(edge), theme.colour(ground)) >= 3.0


def read_tokens():
    with resource("theme", "tokens.toml").open("rb") as file:
        return tomllib.load(file)


def test_tables_parsed_one_by_one_are_those_of_the_file():
    whole, tokens = read_tokens(), Tokens()
    assert {name: tokens[name] for name in whole} == whole
    with pytest.raises(KeyError):
        tokens["another"]


RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
TOKEN = re.compile(
    r"(?<![\w-])(color|background|background-color|selection-color|"
    r"selection-background-color): \$\{(\w+)\}"
)


def pairs_of_the_stylesheet() -> set[tuple[str, str]]:
    """Text and ground of every rule that names both, by their tokens."""
    sheet = re.sub(r"\$\{(\w+)\}", r"<\1>", resource("theme", "style.qss.in").read_text("utf-8"))
    found = set()
    for _, body in RULE.findall(sheet):
        named = dict(TOKEN.findall(re.sub(r"<(\w+)>", r"${\1}", body)))
        for text, ground in (
            ("color", "background"),
            ("color", "background-color"),
            ("selection-color", "selection-background-color"),
        ):
            if text in named and ground in named:
                found.add((named[text].replace("_", "-"), named[ground].replace("_", "-")))
    return found


@pytest.mark.parametrize("name", THEMES)
def test_text_of_every_rule_can_be_read_on_its_ground(qapp, name):
    """Whatever the lists above leave out."""
    theme, least = Theme(name), 7.0 if name == "contrast" else 4.5
    pairs = pairs_of_the_stylesheet()
    assert len(pairs) > 8, "the search found next to nothing"
    low = {
        pair: round(_contrast(theme.colour(pair[0]), theme.colour(pair[1])), 2)
        for pair in pairs
        if _contrast(theme.colour(pair[0]), theme.colour(pair[1])) < least
    }
    assert low == {}


def test_every_theme_has_every_token():
    tokens = read_tokens()
    assert set(tokens["light"]) == set(tokens["dark"]) == set(tokens["contrast"])


@pytest.mark.parametrize("name", THEMES)
def test_the_stylesheet_is_complete_and_qt_understands_it(qapp, name):
    """A rule that Qt cannot parse is a warning, and a warning fails the test."""
    theme = Theme(name)
    assert "${" not in theme.stylesheet()
    theme.apply(qapp)
    qapp.setStyleSheet("")


def test_no_colour_outside_the_theme():
    literal = re.compile(
        r"""["']\#[0-9a-fA-F]{3,8}["']|\brgba?\(|QColor\(\s*\d|GlobalColor\.(?!transparent)\w+"""
        r"""|Qt\.(white|black|red|green|blue|gray|yellow)\b"""
    )
    # A QR stays black on white in every theme: its white is no colour of the look.
    files = [path for path in UI.rglob("*.py") if path.name != "qr.py"]
    assert len(files) > 20
    for path in files:
        hits = [m.group() for m in literal.finditer(path.read_text("utf-8"))]
        assert not hits, f"{path.name}: {hits}"


@pytest.mark.parametrize(("density", "least"), [(COUNTER, 48), (KIOSK, 64)])
def test_targets_are_large_enough(qapp, density, least):
    theme = Theme("light", density=density)
    for token in ("target", "target-large", "field", "row"):
        assert theme.size(token) >= least


def test_a_kiosk_names_no_size_that_the_counter_lacks():
    tokens = read_tokens()
    assert set(tokens[KIOSK]) < set(tokens["sizes"])


def test_the_density_changes_at_once(qtbot, qapp, theme):
    button, label = Button("secondary"), Label("body")
    chip, line = CheckChip(theme), FieldLine()
    chip.set_text("단순 변심")
    for widget in (button, label, chip, line):
        qtbot.addWidget(widget)
        widget.show()
    received: list[str] = []
    theme.changed.connect(lambda: received.append(theme.density))
    assert [one.sizeHint().height() for one in (button, chip, line)] == [48, 48, 56]
    theme.density = COUNTER
    theme.density = KIOSK
    assert received == [KIOSK]
    assert [one.sizeHint().height() for one in (button, chip, line)] == [64, 64, 80]
    assert chip.iconSize().height() == theme.size("box") == 32
    assert label.font().pixelSize() == theme.size("font-body") == 28
    assert button.font().pixelSize() == 28
    theme.density = COUNTER
    assert button.sizeHint().height() == 48 and label.font().pixelSize() == 16
    with pytest.raises(ValueError, match="no such density"):
        theme.density = "wide"


def test_choosing_a_theme_repaints_once_and_only_if_it_is_another(qtbot, qapp, theme):
    received: list[str] = []
    theme.changed.connect(lambda: received.append(theme.name))
    theme.set_name("light")
    theme.set_name("dark")
    assert received == ["dark"]
    assert theme.colour("surface").name() in qapp.styleSheet()
    with pytest.raises(ValueError, match="no such theme"):
        theme.set_name("pink")


def test_auto_follows_the_system(qapp):
    theme = Theme("auto")
    theme._follow_system(Qt.ColorScheme.Dark)
    assert (theme.choice, theme.name) == ("auto", "dark")
    theme._follow_system(Qt.ColorScheme.Light)
    assert theme.name == "light"
    theme.set_name("contrast")
    theme._follow_system(Qt.ColorScheme.Dark)
    assert theme.name == "contrast"


HANGUL = "".join(map(chr, range(0xAC00, 0xD7A4)))


def lacking(signs: str) -> str:
    """Signs that either weight of the bundled typeface cannot write. The files themselves are read,
    since a font of Qt's falls back on every font of the machine."""
    weights = [QRawFont(str(path), 16) for path in paths_of_fonts()]
    return "".join(
        sign
        for sign in sorted(set(signs))
        if sign.isprintable() and not all(one.supportsCharacter(ord(sign)) for one in weights)
    )


def test_the_bundled_typeface_writes_all_of_hangul(qapp):
    assert lacking(HANGUL) == ""


def test_the_bundled_typeface_writes_every_text_of_the_program(qapp):
    """On a machine without any other font, nothing is a box."""
    catalogues = (UI.parents[1] / "resources" / "i18n").rglob("*.toml")
    texts = [path.read_text(encoding="utf-8") for path in (*catalogues, *UI.rglob("*.py"))]
    assert len(texts) > 100
    assert lacking("".join(texts)) == ""


def test_a_sign_that_the_bundled_typeface_lacks_is_found(qapp):
    """With any other fonts on the machine."""
    assert lacking("원☂₩─") == "─☂"


def test_the_font_of_the_windows_writes_won_and_hangul(qapp):
    assert load_fonts()
    metrics = QFontMetricsF(application_font(16))
    # By code point: given a text, PySide asks about another sign than the one in it.
    assert all(metrics.inFontUcs4(ord(sign)) for sign in f"{HANGUL}₩·…‘’“”–↑↓")


def test_digits_are_aligned_at_stylesheet_sizes(qtbot, texts, theme):
    label = MoneyLabel(texts, large=True)
    qtbot.addWidget(label)
    label.ensurePolished()
    metrics = QFontMetricsF(label.font())
    assert label.font().pixelSize() == theme.size("font-money-large")
    widths = {metrics.horizontalAdvance(digit * 4) for digit in "0123456789"}
    assert len(widths) == 1
