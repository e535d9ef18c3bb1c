"""Draws the pictures of the demo shop's products: ``python resources/demo/make_pictures.py``.

It makes ``pictures/`` beside itself, one WebP a product, always the same pixels with one version of
Qt: simple shapes on a soft ground, as the windows of the program are. Coordinates are hundredths of
the picture's side.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

SIDE = 256
QUALITY = 90

SAND, BLUE, MINT, ROSE, LEMON = "#f6ead9", "#e4eefc", "#e2f3e8", "#fbe6ea", "#fdf3d2"
WHITE, CREAM, SHADE = "#ffffff", "#fff6e6", "#d9dee6"
COFFEE, CARAMEL, MILK = "#4a2c1d", "#b97a45", "#ead2b0"
CRUST, CRUMB, DARK_CRUST = "#d9984a", "#f3d9a4", "#b8742c"
RED, DARK_RED, LEAF, YELLOW = "#d8434e", "#b02f3b", "#5d9b57", "#f2c13c"
GREY, DARK, TEAL = "#8a94a3", "#3c4452", "#4f8f96"

Point = tuple[float, float]


class Canvas:
    """A painter with a few shapes."""

    def __init__(self, ground: str) -> None:
        self.image = QImage(SIDE, SIDE, QImage.Format.Format_RGB32)
        self.image.fill(QColor(ground))
        self._painter = QPainter(self.image)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.scale(SIDE / 100, SIDE / 100)

    def end(self) -> QImage:
        """Return what was drawn."""
        self._painter.end()
        return self.image

    def oval(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """Fill an oval."""
        self._fill(colour)
        self._painter.drawEllipse(QRectF(x, y, width, height))

    def box(
        self, x: float, y: float, width: float, height: float, colour: str, radius: float = 0
    ) -> None:
        """Fill a rectangle."""
        self._fill(colour)
        self._painter.drawRoundedRect(QRectF(x, y, width, height), radius, radius)

    def shape(self, points: Sequence[Point], colour: str) -> None:
        """Fill a polygon."""
        self._fill(colour)
        self._painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]))

    def curve(self, start: Point, turns: Sequence[tuple[Point, Point, Point]], colour: str) -> None:
        """Fill a closed path of cubic curves, each by two control points and its end."""
        self._fill(colour)
        self._painter.drawPath(_path(start, turns))

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        """Draw a line through some points."""
        self._draw(colour, width)
        self._painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points]))

    def stroke(
        self, start: Point, turns: Sequence[tuple[Point, Point, Point]], colour: str, width: float
    ) -> None:
        """Draw a path of cubic curves."""
        self._draw(colour, width)
        self._painter.drawPath(_path(start, turns))

    def arc(
        self, x: float, y: float, width: float, height: float, start: int, span: int, colour: str,
        thick: float,
    ) -> None:  # fmt: skip
        """Draw a part of an oval, in degrees against the clock from the right."""
        self._draw(colour, thick)
        self._painter.drawArc(QRectF(x, y, width, height), start * 16, span * 16)

    def _fill(self, colour: str) -> None:
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(QColor(colour))

    def _draw(self, colour: str, width: float) -> None:
        pen = QPen(QColor(colour), width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        self._painter.setPen(pen)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)


def _path(start: Point, turns: Sequence[tuple[Point, Point, Point]]) -> QPainterPath:
    path = QPainterPath(QPointF(*start))
    for one, two, end in turns:
        path.cubicTo(QPointF(*one), QPointF(*two), QPointF(*end))
    return path


def _cup(c: Canvas, drink: str, china: str = WHITE) -> None:
    """A cup on its saucer, seen from the side and a little from above."""
    c.oval(14, 74, 72, 13, SHADE)
    c.oval(16, 72, 68, 12, china)
    c.arc(62, 42, 22, 22, -100, 210, china, 6)
    c.curve(
        (22, 36), [((22, 62), (30, 78), (46, 78)), ((62, 78), (70, 62), (70, 36))], china
    )  # fmt: skip
    c.oval(22, 28, 48, 16, SHADE)
    c.oval(24.5, 30, 43, 12, drink)


def _steam(c: Canvas, colour: str = "#c3cad4") -> None:
    """Two curls above a cup."""
    for x in (38, 54):
        c.stroke((x, 24), [((x - 5, 20), (x + 5, 15), (x, 10))], colour, 2.4)


def _glass(c: Canvas, drink: str, below: str = "") -> None:
    """A tall glass with a drink, perhaps of two layers."""
    c.shape([(28, 16), (72, 16), (66, 88), (34, 88)], "#cfdbe8")
    c.shape([(31, 28), (69, 28), (64.5, 85), (35.5, 85)], drink)
    if below:
        c.shape([(33, 58), (67, 58), (64.5, 85), (35.5, 85)], below)
    c.line([(36, 34), (39, 80)], "#66ffffff", 3)


def _ice(c: Canvas) -> None:
    """Cubes at the top of a glass."""
    for points in (
        [(36, 30), (49, 27), (52, 39), (39, 42)],
        [(52, 33), (63, 30), (65, 41), (54, 44)],
        [(41, 45), (53, 44), (54, 55), (43, 56)],
    ):
        c.shape(points, "#8cffffff")


def _americano(c: Canvas) -> None:
    _cup(c, COFFEE)
    _steam(c)


def _latte(c: Canvas) -> None:
    _cup(c, CARAMEL)
    c.curve((46, 41), [((34, 36), (38, 30), (46, 33.5)), ((54, 30), (58, 36), (46, 41))], CREAM)


def _vanilla_latte(c: Canvas) -> None:
    _glass(c, MILK, "#a4683a")
    _ice(c)
    c.line([(58, 8), (52, 50)], "#e3a23f", 3.4)


def _cold_brew(c: Canvas) -> None:
    _glass(c, COFFEE)
    _ice(c)


def _matcha(c: Canvas) -> None:
    _glass(c, "#8fb565", CREAM)
    _ice(c)


def _yuja_tea(c: Canvas) -> None:
    _cup(c, "#eeb53a", "#fdfdfb")
    c.oval(39, 30.5, 17, 10, YELLOW)
    c.oval(41, 31.8, 13, 7.4, "#fff0b8")
    _steam(c)


def _strawberry_milk(c: Canvas) -> None:
    c.box(38, 10, 24, 12, RED, 3)
    c.curve(
        (40, 22),
        [
            ((40, 32), (28, 32), (28, 44)), ((28, 60), (28, 74), (28, 82)),
            ((28, 90), (34, 90), (50, 90)), ((66, 90), (72, 90), (72, 82)),
            ((72, 74), (72, 60), (72, 44)), ((72, 32), (60, 32), (60, 22)),
        ],
        "#f7b9c4",
    )  # fmt: skip
    c.box(28, 52, 44, 24, WHITE)
    _strawberry(c, 50, 64, 0.55)


def _strawberry(c: Canvas, x: float, y: float, size: float) -> None:
    """A strawberry around a point; of size 1 it is 30 high."""

    def at(dx: float, dy: float) -> Point:
        return x + dx * size, y + dy * size

    c.curve(
        at(0, 16),
        [(at(-10, 12), at(-17, -2), at(-12, -9)), (at(-7, -14), at(7, -14), at(12, -9)),
         (at(17, -2), at(10, 12), at(0, 16))],
        RED,
    )  # fmt: skip
    c.shape([at(-11, -11), at(-4, -8), at(0, -15), at(4, -8), at(11, -11), at(0, -3)], LEAF)
    for dx, dy in ((-6, 0), (0, 2), (6, 0), (-3, 7), (3, 7)):
        px, py = at(dx, dy)
        c.oval(px - size, py - size, 2 * size, 2 * size, "#ffe08a")


def _salt_bread(c: Canvas) -> None:
    c.oval(12, 70, 76, 12, "#e6d5bd")
    c.curve(
        (10, 66), [((14, 34), (34, 26), (50, 26)), ((66, 26), (86, 34), (90, 66)),
                   ((88, 78), (70, 76), (50, 76)), ((30, 76), (12, 78), (10, 66))],
        CRUST,
    )  # fmt: skip
    for x in (28, 44, 60, 76):
        c.stroke((x - 3, 34), [((x - 10, 46), (x - 9, 62), (x - 3, 74))], DARK_CRUST, 2.4)
    for x, y in ((40, 36), (48, 33), (56, 37), (45, 42), (62, 42), (52, 45)):
        c.box(x, y, 3.4, 3.4, WHITE, 0.8)


def _croissant(c: Canvas) -> None:
    c.curve(
        (8, 70), [((6, 30), (34, 18), (50, 18)), ((66, 18), (94, 30), (92, 70)),
                  ((88, 84), (78, 76), (74, 64)), ((70, 52), (60, 48), (50, 48)),
                  ((40, 48), (30, 52), (26, 64)), ((22, 76), (12, 84), (8, 70))],
        CRUST,
    )  # fmt: skip
    for one, two in (
        ((18, 38), (29, 58)), ((34, 24), (40, 49)), ((50, 18), (50, 48)), ((66, 24), (60, 49)),
        ((82, 38), (71, 58)),
    ):  # fmt: skip
        c.line([one, two], DARK_CRUST, 2.6)


def _loaf(c: Canvas) -> None:
    c.curve(
        (16, 44), [((4, 22), (26, 16), (50, 16)), ((74, 16), (96, 22), (84, 44)),
                   ((84, 60), (84, 70), (84, 84)), ((60, 84), (40, 84), (16, 84)),
                   ((16, 70), (16, 60), (16, 44))],
        DARK_CRUST,
    )  # fmt: skip
    c.curve(
        (22, 44), [((12, 28), (30, 22), (50, 22)), ((70, 22), (88, 28), (78, 44)),
                   ((78, 58), (78, 68), (78, 78)), ((60, 78), (40, 78), (22, 78)),
                   ((22, 68), (22, 58), (22, 44))],
        "#dcb980",
    )  # fmt: skip
    for x, y in ((34, 38), (52, 34), (64, 46), (40, 54), (56, 60), (33, 66), (66, 68), (48, 70)):
        c.oval(x, y, 3, 2.4, "#a97b3f")


def _baguette(c: Canvas) -> None:
    c.curve((6, 74), [((2, 60), (70, 10), (88, 16)), ((100, 24), (30, 84), (6, 74))], CRUST)
    c.curve((12, 70), [((20, 56), (66, 24), (84, 21)), ((78, 32), (30, 70), (12, 70))], "#6b3a2a")
    for x, y in ((24, 58), (38, 48), (52, 38), (66, 29)):
        c.shape([(x, y), (x + 10, y - 7), (x + 14, y - 3), (x + 4, y + 5)], "#ffe9a6")


def _madeleine(c: Canvas) -> None:
    c.curve(
        (50, 86), [((30, 86), (14, 60), (18, 44)), ((24, 20), (40, 14), (50, 14)),
                   ((60, 14), (76, 20), (82, 44)), ((86, 60), (70, 86), (50, 86))],
        "#e9b45c",
    )  # fmt: skip
    for x, end in ((26, 46), (38, 48), (50, 50), (62, 52), (74, 54)):
        top = 30 if x in (26, 74) else 22
        c.stroke((x, top), [((x, 46), (end, 64), (end, 80))], "#c98d33", 2.4)
    c.oval(58, 60, 30, 30, YELLOW)
    c.oval(61, 63, 24, 24, "#fff3bf")
    for one, two in (((73, 64), (73, 86)), ((62, 75), (84, 75)), ((65, 67), (81, 83)),
                     ((81, 67), (65, 83))):  # fmt: skip
        c.line([one, two], YELLOW, 1.6)


def _cookie(c: Canvas) -> None:
    c.oval(14, 16, 72, 72, "#c98a48")
    c.oval(14, 14, 72, 70, "#dba25e")
    for x, y, size in ((30, 28, 10), (54, 24, 9), (66, 42, 10), (44, 44, 11), (26, 52, 9),
                       (54, 64, 10), (38, 68, 8), (70, 60, 7)):  # fmt: skip
        c.oval(x, y, size, size * 0.9, COFFEE)


def _cake(c: Canvas) -> None:
    c.oval(8, 76, 84, 14, SHADE)
    c.box(16, 46, 68, 38, "#f8d9a8", 5)
    c.box(16, 60, 68, 8, "#f28b98")
    c.box(16, 38, 68, 16, WHITE, 7)
    for x in (18, 30, 42, 54, 66):
        c.oval(x, 47, 13, 13, WHITE)
    for x in (30, 50, 70):
        _strawberry(c, x, 29, 0.72)


def _beans(c: Canvas) -> None:
    c.shape([(26, 22), (74, 22), (78, 88), (22, 88)], "#8a5a3a")
    c.box(24, 14, 52, 12, "#6f452b", 2)
    c.box(34, 42, 32, 30, CREAM, 3)
    c.oval(42, 46, 16, 22, COFFEE)
    c.stroke((50, 47), [((45, 54), (55, 60), (50, 67))], MILK, 2)


def _drip_set(c: Canvas) -> None:
    c.shape([(28, 20), (72, 20), (58, 44), (42, 44)], WHITE)
    c.shape([(34, 20), (66, 20), (50, 40)], "#efe0c8")
    c.box(34, 43, 32, 5, GREY, 2)
    c.shape([(40, 48), (60, 48), (74, 84), (26, 84)], "#c9dcec")
    c.shape([(33, 66), (67, 66), (74, 84), (26, 84)], COFFEE)
    c.box(26, 83, 48, 5, GREY, 2)
    c.arc(62, 52, 22, 24, -80, 170, GREY, 4)


def _mug(c: Canvas) -> None:
    c.arc(58, 34, 30, 32, -95, 190, TEAL, 8)
    c.box(18, 22, 52, 60, TEAL, 8)
    c.oval(18, 16, 52, 14, "#3d7379")
    c.oval(22, 18.5, 44, 9, "#2f5a5f")
    c.box(28, 46, 32, 4, CREAM, 2)
    c.box(34, 54, 20, 4, CREAM, 2)


def _tote(c: Canvas) -> None:
    c.arc(34, 8, 32, 56, 0, 180, "#c9b38c", 5)
    c.shape([(20, 34), (80, 34), (85, 88), (15, 88)], "#efe2c6")
    c.line([(21, 40), (79, 40)], "#d8c59c", 1.6)
    c.curve((50, 78), [((30, 66), (38, 52), (50, 60)), ((62, 52), (70, 66), (50, 78))], LEAF)


def _tea_set(c: Canvas) -> None:
    for x, colour in ((8, "#7fa3b5"), (50, "#c7a27c")):
        c.oval(x, 70, 42, 9, SHADE)
        c.curve((x + 3, 46), [((x + 5, 72), (x + 14, 75), (x + 21, 75)),
                              ((x + 28, 75), (x + 37, 72), (x + 39, 46))], colour)  # fmt: skip
        c.oval(x + 3, 41, 36, 10, CREAM)
        c.oval(x + 6, 42.5, 30, 7, "#9db36a")
    for x in (24, 66):
        c.stroke((x, 36), [((x - 4, 32), (x + 4, 28), (x, 23))], "#c3cad4", 2.2)


def _candle(c: Canvas) -> None:
    c.curve((50, 10), [((58, 20), (60, 28), (50, 32)), ((40, 28), (42, 20), (50, 10))], "#f5a623")
    c.curve((50, 18), [((54, 24), (55, 28), (50, 31)), ((45, 28), (46, 24), (50, 18))], "#ffe9a6")
    c.line([(50, 31), (50, 42)], DARK, 1.8)
    c.box(26, 40, 48, 48, "#d9c8e6", 6)
    c.oval(26, 36, 48, 11, "#efe6f5")
    for x, y, colour in ((38, 64, "#8e6bb0"), (50, 58, RED), (62, 65, "#e0a13c")):
        c.line([(x, y), (50, 82)], LEAF, 1.8)
        for dx, dy in ((-3.4, 0), (3.4, 0), (0, -3.4), (0, 3.4)):
            c.oval(x + dx - 2.6, y + dy - 2.6, 5.2, 5.2, colour)
        c.oval(x - 2, y - 2, 4, 4, "#fff0b8")


def _apple(c: Canvas) -> None:
    c.curve(
        (50, 34), [((34, 22), (12, 32), (14, 56)), ((16, 80), (38, 96), (50, 86)),
                   ((62, 96), (84, 80), (86, 56)), ((88, 32), (66, 22), (50, 34))],
        RED,
    )  # fmt: skip
    c.stroke((24, 50), [((25, 42), (30, 38), (36, 38))], "#ef8d94", 4)
    c.stroke((50, 34), [((50, 26), (53, 20), (56, 14))], "#6b4a2b", 3.4)
    c.curve((54, 24), [((60, 12), (72, 12), (78, 16)), ((74, 26), (62, 28), (54, 24))], LEAF)


def _rice(c: Canvas) -> None:
    c.curve(
        (28, 26), [((14, 44), (12, 76), (22, 88)), ((40, 90), (60, 90), (78, 88)),
                   ((88, 76), (86, 44), (72, 26)), ((60, 30), (40, 30), (28, 26))],
        "#d8c39a",
    )  # fmt: skip
    c.curve((24, 14), [((40, 20), (60, 20), (76, 14)), ((74, 22), (72, 24), (70, 28)),
                       ((60, 31), (40, 31), (30, 28)), ((28, 24), (26, 22), (24, 14))],
            "#c7ae7d")  # fmt: skip
    c.line([(29, 28), (50, 31), (71, 28)], RED, 2.6)
    for x, y in ((50, 46), (42, 56), (58, 56), (50, 64), (37, 68), (63, 68), (50, 78)):
        c.oval(x - 3, y - 5, 6, 10, WHITE)


def _eggs(c: Canvas) -> None:
    for row, y in enumerate((34, 48)):
        for at in range(5):
            colour = "#e9bd92" if (at + row) % 2 else "#f0cda8"
            c.oval(9 + at * 16.6, y, 15.6, 21, colour)
    c.curve((6, 62), [((6, 76), (10, 82), (18, 82)), ((40, 82), (60, 82), (82, 82)),
                      ((90, 82), (94, 76), (94, 62))], "#9aa3ae")  # fmt: skip
    for at in range(4):
        c.line([(25.5 + at * 16.4, 66), (25.5 + at * 16.4, 80)], "#7f8894", 1.8)


def _water(c: Canvas) -> None:
    c.box(42, 8, 16, 9, "#2f6fd0", 2)
    c.curve(
        (43, 17), [((43, 26), (32, 28), (32, 40)), ((32, 56), (32, 70), (32, 84)),
                   ((32, 91), (36, 91), (50, 91)), ((64, 91), (68, 91), (68, 84)),
                   ((68, 70), (68, 56), (68, 40)), ((68, 28), (57, 26), (57, 17))],
        "#a9d2f2",
    )  # fmt: skip
    c.box(32, 46, 36, 20, "#2f6fd0")
    c.stroke((36, 58), [((42, 50), (46, 64), (52, 56)), ((56, 50), (60, 60), (64, 55))], WHITE, 2.6)
    c.line([(38, 36), (38, 42)], "#99ffffff", 3)


PICTURES: dict[str, tuple[str, Callable[[Canvas], None]]] = {
    "11": (SAND, _americano),
    "12": (SAND, _latte),
    "13": (SAND, _vanilla_latte),
    "14": (BLUE, _cold_brew),
    "15": (MINT, _matcha),
    "16": (LEMON, _yuja_tea),
    "17": (ROSE, _strawberry_milk),
    "21": (SAND, _salt_bread),
    "22": (BLUE, _croissant),
    "23": (MINT, _loaf),
    "24": (LEMON, _baguette),
    "25": (BLUE, _madeleine),
    "26": (MINT, _cookie),
    "27": (ROSE, _cake),
    "31": (SAND, _beans),
    "32": (MINT, _drip_set),
    "33": (LEMON, _mug),
    "34": (BLUE, _tote),
    "41": (ROSE, _tea_set),
    "42": (LEMON, _candle),
    "apple": (MINT, _apple),
    "rice": (LEMON, _rice),
    "eggs": (BLUE, _eggs),
    "water": (SAND, _water),
}
"""By the id of a product of ``shop.json``, or by the word that ``posapp/app/demo.py`` has for it:
the ground, and what draws it."""


def draw(name: str) -> QImage:
    """Return a picture."""
    ground, picture = PICTURES[name]
    canvas = Canvas(ground)
    picture(canvas)
    return canvas.end()


def main() -> None:
    """Write all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "pictures")
    folder: Path = parser.parse_args().out
    folder.mkdir(exist_ok=True)
    for name in PICTURES:
        if not draw(name).save(str(folder / f"{name}.webp"), "WEBP", QUALITY):  # type: ignore[call-overload]
            raise SystemExit(f"{name} cannot be written")


if __name__ == "__main__":
    main()
