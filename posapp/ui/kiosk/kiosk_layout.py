"""Where the parts of a kiosk's screen are: plain geometry, from the least sizes of its buttons.

Above is what is read, below or beside it the keys, and at the bottom the action of the screen; the
way back is left and calling staff right. On a low screen all that is pressed is in a band. Texts
never give way: where they have no room, the arrangement changes, and then they are turned over by
two buttons.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QRect, QSize

from posapp.ui.kiosk.kiosk_measures import LEAST_TARGET

Row = Sequence[str]
Rows = Sequence[Row]
"""Actions beside one another, and such rows from top to bottom; an empty one is a gap."""

DIGITS = "1234567890"

LEAST_QR, MOST_QR = 360, 776
"""Sides of the QR in pixels, with the room for a ring around it."""

MOST_KEY = 128
"""Height of a key in pixels that nothing makes higher."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What is on a screen.

    Attributes:
        sizes: least sizes of the buttons, by their actions.
        begin: the action that fills the start, or empty.
        strip: what helps to see and to read.
        page: which rows of the strip, where not all have room; from 0.
        keys: actions of the keypad besides the digits; ``None``: there is none.
        turns: turn over what is longer than its place.
        banner: height of what a call says, below the head with the end of the call beside it; 0:
            there is none, or it has its place elsewhere.
        main, extra, back, call, call_end: actions, or empty.
        shop: size of the shop's name; empty where it may be left out.
        shop_row: height of the name in a row of its own.
        must_name_shop: it may not be left out.
        has_qr: there is a QR.
        content: returns how high that which is read is at a width.
        least_width: of what is read, in pixels.
    """

    sizes: Mapping[str, QSize]
    begin: str = ""
    strip: Row = ()
    page: int = 0
    keys: Row | None = None
    turns: Row = ()
    banner: int = 0
    main: str = ""
    extra: str = ""
    back: str = ""
    call: str = ""
    call_end: str = ""
    shop: QSize = field(default_factory=QSize)
    shop_row: int = 0
    must_name_shop: bool = False
    has_qr: bool = False
    content: Callable[[int], int] = lambda _: 0
    least_width: int = 0


@dataclass(slots=True)
class Plan:
    """Where everything is.

    Attributes:
        buttons: by their actions.
        content: what is read, or as much of it as fits.
        shop, qr, banner: empty: it is not shown.
        pages: how many there are of the strip; one is placed.
    """

    buttons: dict[str, QRect] = field(default_factory=dict)
    content: QRect = field(default_factory=QRect)
    shop: QRect = field(default_factory=QRect)
    qr: QRect = field(default_factory=QRect)
    banner: QRect = field(default_factory=QRect)
    pages: int = 1

    def shown(self, content: Callable[[int], int]) -> float:
        """Return which part of what is read is seen at once; 1: all of it."""
        needed = content(self.content.width())
        return 1.0 if needed <= self.content.height() else self.content.height() / needed


def arrange(parts: Parts, room: QRect, gap: int, band: tuple[int, int] | None) -> Plan:
    """Return the first arrangement in which all is seen at once, else that which shows most.

    Args:
        room: of the window, without its margin.
        gap: pixels between two parts.
        band: top and bottom of what can be reached; ``None``: everywhere.
    """
    arranger = _Arranger(parts, room, gap)
    best: Plan | None = None
    for plan in arranger.low_plans(*band) if band is not None else arranger.plans():
        if best is None or plan.shown(parts.content) > best.shown(parts.content):
            best = plan
        if best.shown(parts.content) >= 1:
            break
    return best or Plan()


class _Arranger:
    def __init__(self, parts: Parts, room: QRect, gap: int) -> None:
        self._parts, self._room, self._gap = parts, room, gap
        self._is_wide = room.width() > room.height()

    # Everywhere.

    def plans(self) -> Iterable[Plan]:
        """Yield arrangements, the most comfortable first."""
        parts = self._parts
        if parts.keys is None:
            for mains in self._mains(self._room.width()):
                yield self._plan([], mains)
            return
        three, mains = three_columns(parts.keys), [[parts.main]] if parts.main else []
        if not self._is_wide:
            yield self._plan(three, mains)
        elif self._height(three) <= self._plan([], mains).content.height():
            yield self._plan(three, mains, is_beside=True)
        yield self._plan(six_columns(parts.keys, parts.main), [])

    def _mains(self, width: int) -> Iterable[Rows]:
        """Yield rows of the action of the screen and of the other one: above, then beside it."""
        main, extra = self._parts.main, self._parts.extra
        yield [[one] for one in (extra, main) if one]
        if main and extra and self._row_width([extra, main]) <= width:
            yield [[extra, main]]

    def _plan(self, keys: Rows, mains: Rows, *, is_beside: bool = False) -> Plan:
        parts, gap, plan = self._parts, self._gap, Plan()
        rest = self._below(plan, mains, self._head(plan))
        if parts.strip:
            room = rest.height() - self._begin_height(rest.width())
            rest = self._below(plan, self._strip(plan, rest.width(), room), rest, may_grow=True)
        if parts.begin:
            self._begin(plan, rest)
            return plan
        if parts.has_qr:
            self._place_qr(plan, rest)
        elif is_beside:
            width = max((rest.width() - 2 * gap) // 2, self._width(keys))
            self._put(plan, keys, _right(rest, width))
            plan.content = _left(rest, rest.width() - width - 2 * gap)
        else:
            plan.content = self._below(plan, keys, rest, most=MOST_KEY) if keys else rest
        return plan

    def _strip(self, plan: Plan, width: int, height: int) -> Rows:
        """Return rows of the strip: all, or a page of as many as have room below a gap."""
        rows = self._flow(self._parts.strip, width)
        one = max(map(self._row_height, rows)) + self._gap
        most = max(1, height // one)
        plan.pages = -(-len(rows) // most)
        first = min(self._parts.page, plan.pages - 1) * most
        return rows[first : first + most]

    def _begin_height(self, width: int) -> int:
        """Return the least height of what begins a visit, with a line of what is read."""
        least = self._parts.sizes[self._parts.begin].height()
        needed = min(self._parts.content(width), least)
        return least + (needed + self._gap if needed else 0)

    def _begin(self, plan: Plan, room: QRect) -> None:
        """Let all of a room begin a visit, but for what is read."""
        parts, gap = self._parts, self._gap
        most = room.height() - gap - parts.sizes[parts.begin].height()
        needed = max(0, min(parts.content(room.width()), most))
        plan.content = QRect(room.left(), room.top(), room.width(), needed)
        top = room.top() + needed + (gap if needed else 0)
        plan.buttons[parts.begin] = _between(room, top, room.bottom() + 1)

    def _place_qr(self, plan: Plan, rest: QRect) -> None:
        gap = self._gap
        if self._is_wide:
            width = min(rest.width() // 2 - gap, rest.width() - gap - self._parts.least_width)
            side = _qr_side(width, rest.height())
            plan.qr = _square(_right(rest, max(side, width)), side)
            plan.content = _left(rest, rest.width() - max(side, width) - gap)
            return
        needed = self._parts.content(rest.width())
        height = min(needed, rest.height() - LEAST_QR - gap)
        side = _qr_side(rest.width(), rest.height() - height - gap)
        plan.content = QRect(rest.left(), rest.top(), rest.width(), height)
        plan.qr = _square(_between(rest, rest.top() + height + gap, rest.bottom() + 1), side)

    def _head(self, plan: Plan) -> QRect:
        """Place the way back, calling staff and the shop's name; return the room below."""
        parts, room, gap = self._parts, self._room, self._gap
        rows = self._ways(room.width())
        width = sum(parts.sizes[one].width() + gap for one in (rows[0] if rows else ()))
        has_space = len(rows) <= 1 and room.width() - width >= parts.shop.width()
        top = room.top()
        if parts.must_name_shop and not has_space and not parts.shop.isEmpty():
            plan.shop = QRect(room.left(), top, room.width(), parts.shop_row)
            top = plan.shop.bottom() + 1 + gap
        for number, row in enumerate(rows):
            height = max(parts.sizes[one].height() for one in row)
            if number == 0 and has_space and not parts.shop.isEmpty():
                height = max(height, parts.shop.height())
            x = room.left() + room.width()
            for one in reversed(row):
                size = parts.sizes[one]
                x -= size.width()
                if one == parts.back:
                    x = room.left()
                plan.buttons[one] = QRect(x, top, size.width(), height)
                x -= gap
            if number == 0 and has_space and not parts.shop.isEmpty():
                start = room.left()
                if parts.back in plan.buttons:
                    start = plan.buttons[parts.back].right() + 1 + gap
                others = [plan.buttons[one].left() for one in row if one != parts.back]
                end = min(others) - gap if others else room.right() + 1
                plan.shop = QRect(start, top, end - start, height)
            top += height + gap
        return self._below_banner(plan, _between(room, top, room.bottom() + 1))

    def _below_banner(self, plan: Plan, room: QRect) -> QRect:
        """Place what a call says, and its end, on top of a room; return the room below. The ways
        above and the actions at the bottom stay where they are when staff are called."""
        parts, gap = self._parts, self._gap
        if not parts.banner:
            return room
        width = parts.sizes[parts.call_end].width()
        end = _right(_between(room, room.top(), room.top() + parts.banner), width)
        plan.buttons[parts.call_end] = end
        plan.banner = QRect(room.left(), room.top(), room.width() - width - gap, parts.banner)
        return _between(room, end.bottom() + 1 + gap, room.bottom() + 1)

    # In a band.

    def low_plans(self, top: int, bottom: int) -> Iterable[Plan]:
        """Yield arrangements with all that is pressed in a band; the most comfortable first."""
        parts = self._parts
        bottom = min(bottom, self._room.bottom() + 1)
        forms: list[Plan] = []
        if parts.keys is None:
            mains = self._mains(self._room.width())
            forms = [self._low_plan(top, bottom, rows) for rows in mains]
        else:
            main = [[parts.main]] if parts.main else []
            three = three_columns(parts.keys)
            if self._is_wide:
                forms.append(self._low_beside(top, bottom, three))
            else:
                forms.append(self._low_plan(top, bottom, [*three, *main]))
            forms.append(self._low_plan(top, bottom, six_columns(parts.keys, parts.main)))
            forms.append(self._low_plan(top, bottom, ten_columns(parts.keys, parts.main)))
        fitting = [one for one in forms if _top_of(one, parts.begin) >= top]
        yield from fitting or [max(forms, key=lambda one: _top_of(one, parts.begin))]

    def _low_plan(self, top: int, bottom: int, rows: Rows) -> Plan:
        parts, gap, plan = self._parts, self._gap, Plan()
        band = self._band(top, bottom)
        if parts.has_qr:
            return self._low_qr(band)
        rows = [*rows, *self._ways(band.width())]
        if parts.strip:
            in_band = band.height() - gap - LEAST_TARGET
            over = band.bottom() + 1 - self._room.top() - self._begin_height(band.width())
            height = min(in_band, over - 2 * gap - parts.shop_row) - self._height(rows)
            rows = [*self._strip(plan, band.width(), height), *rows]
        most = MOST_KEY if parts.keys is not None else 0
        rest = self._below(plan, rows, band, most=most, may_grow=True)
        above = self._above(plan, rest.bottom() + 1)
        if not parts.begin:
            plan.content = above
            return plan
        self._begin(plan, above)
        return plan

    def _low_beside(self, top: int, bottom: int, keys: Rows) -> Plan:
        """Place the keys right, and what else is pressed left of them."""
        parts, gap, plan = self._parts, self._gap, Plan()
        band = self._band(top, bottom)
        width = max((band.width() - 2 * gap) // 2, self._width(keys))
        rest = self._below(plan, keys, _right(band, width), most=MOST_KEY, may_grow=True)
        left = _left(band, band.width() - width - 2 * gap)
        rows = [*([[parts.main]] if parts.main else []), *self._ways(left.width())]
        other = self._below(plan, rows, left, may_grow=True)
        higher = min(rest.bottom(), other.bottom()) + 1
        plan.content = self._above(plan, higher)
        return plan

    def _low_qr(self, band: QRect) -> Plan:
        gap, plan = self._gap, Plan()
        if not self._is_wide:
            rest = self._below(plan, self._ways(band.width()), band, may_grow=True)
            side = _qr_side(rest.width(), rest.bottom() + 1 - band.top())
            over = QRect(rest.left(), rest.bottom() + 1 - side, rest.width(), side)
            plan.qr = _square(over, side)
            plan.content = self._above(plan, plan.qr.top() - gap)
            return plan
        ways = [one for row in self._ways(band.width()) for one in row]
        widest = max((self._parts.sizes[one].width() for one in ways), default=0)
        most = band.width() - gap - max(self._parts.least_width, widest)
        side = _qr_side(min(band.width() // 2, most), band.height())
        plan.qr = QRect(band.right() + 1 - side, band.bottom() + 1 - side, side, side)
        left = _left(band, band.width() - side - gap)
        rest = self._below(plan, self._ways(left.width()), left, may_grow=True)
        plan.content = self._above(plan, rest.bottom() + 1)
        if plan.content.bottom() >= plan.qr.top():
            plan.content.setWidth(left.width())
        return plan

    def _ways(self, width: int) -> list[list[str]]:
        """Return rows of the way back, what turns over, and staff. Whoever has called and has too
        little room for both can end the call, not call again: the kiosk does so by itself."""
        parts = self._parts
        end = "" if parts.banner else parts.call_end
        ways = [one for one in (parts.back, *parts.turns, end, parts.call) if one]
        rows = self._flow(ways, width)
        return rows if len(rows) <= 1 or not end else self._flow(ways[:-1], width)

    def _band(self, top: int, bottom: int) -> QRect:
        return _between(self._room, max(top, self._room.top()), bottom)

    def _above(self, plan: Plan, bottom: int) -> QRect:
        """Place the shop's name on top; return the room between it and what is pressed."""
        parts, room, top = self._parts, self._room, self._room.top()
        if not parts.shop.isEmpty() and (parts.must_name_shop or bottom - top > 6 * parts.shop_row):
            plan.shop = QRect(room.left(), top, room.width(), parts.shop_row)
            top = plan.shop.bottom() + 1 + self._gap
        return _between(room, top, bottom)

    # Rows.

    def _below(
        self, plan: Plan, rows: Rows, room: QRect, *, most: int = 0, may_grow: bool = False
    ) -> QRect:
        """Place rows at the bottom of a room; return the room above them.

        Args:
            most: height to which they grow, if there is room for it.
            may_grow: they may be higher than the room, which then ends above it.
        """
        if not rows:
            return room
        least = self._height(rows)
        wanted = max(least, len(rows) * (most + self._gap) - self._gap)
        height = max(least, min(wanted, room.height() if may_grow else room.height() // 2))
        top = room.bottom() + 1 - height
        self._put(plan, rows, QRect(room.left(), top, room.width(), height))
        end = top - self._gap
        return _between(room, min(room.top(), end), end)

    def _put(self, plan: Plan, rows: Rows, place: QRect) -> None:
        least = [self._row_height(row) for row in rows]
        extra = max(0, place.height() - sum(least) - self._gap * (len(rows) - 1))
        y = place.top()
        for number, row in enumerate(rows):
            share = extra * (number + 1) // len(rows) - extra * number // len(rows)
            height = least[number] + share
            widths = share_width(place.width(), [self._least(one) for one in row], self._gap)
            x = place.left()
            for one, width in zip(row, widths, strict=True):
                if one:
                    plan.buttons[one] = QRect(x, y, width, height)
                x += width + self._gap
            y += height + self._gap

    def _flow(self, actions: Row, width: int) -> list[list[str]]:
        """Return rows of actions, each as long as fits, and about equally long."""
        rows = self._greedy(actions, width)
        for narrower in range(width, 0, -32):
            tried = self._greedy(actions, narrower)
            if len(tried) > len(rows):
                break
            rows = tried
        return rows

    def _greedy(self, actions: Row, width: int) -> list[list[str]]:
        rows: list[list[str]] = []
        for one in actions:
            if rows and self._row_width([*rows[-1], one]) <= width:
                rows[-1].append(one)
            else:
                rows.append([one])
        return rows

    def _row_width(self, row: Row) -> int:
        return sum(map(self._least, row)) + self._gap * (len(row) - 1)

    def _row_height(self, row: Row) -> int:
        return max(self._parts.sizes[one].height() for one in row if one)

    def _width(self, rows: Rows) -> int:
        return max(map(self._row_width, rows))

    def _height(self, rows: Rows) -> int:
        return sum(map(self._row_height, rows)) + self._gap * (len(rows) - 1)

    def _least(self, action: str) -> int:
        return self._parts.sizes[action].width() if action else 0


def three_columns(others: Row) -> list[list[str]]:
    """Return the rows of a keypad as on a telephone."""
    rows = [list(DIGITS[at : at + 3]) for at in (0, 3, 6)]
    return [*rows, [others[0] if others else "", "0", *(others[1:] or [""])]]


def six_columns(others: Row, main: str) -> list[list[str]]:
    """Return the rows of a low keypad, with the action of the screen at its end."""
    ends = [*others[1:], *([main] if main else [])]
    return [[*DIGITS[:5], *others[:1]], [*DIGITS[5:], *ends]]


def ten_columns(others: Row, main: str) -> list[list[str]]:
    """Return the rows of the lowest keypad."""
    return [[*DIGITS], [*others, *([main] if main else [])]]


def share_width(width: int, least: Sequence[int], gap: int) -> list[int]:
    """Return widths of parts beside one another: equal ones where each has what it needs."""
    room = width - gap * (len(least) - 1)
    equal = room // len(least)
    if max(least) <= equal:
        widths = [equal] * len(least)
    else:
        extra = max(0, room - sum(least))
        widths = [one + extra // len(least) for one in least]
    widths[-1] += max(0, room - sum(widths))
    return widths


def _top_of(plan: Plan, but: str) -> int:
    tops = [place.top() for action, place in plan.buttons.items() if action != but]
    return min([*tops, plan.qr.top()] if not plan.qr.isEmpty() else tops, default=0)


def _qr_side(width: int, height: int) -> int:
    return max(LEAST_QR, min(MOST_QR, width, height))


def _square(room: QRect, side: int) -> QRect:
    centre = room.center()
    return QRect(centre.x() + 1 - side // 2, centre.y() + 1 - side // 2, side, side)


def _between(room: QRect, top: int, bottom: int) -> QRect:
    return QRect(room.left(), top, room.width(), max(0, bottom - top))


def _left(room: QRect, width: int) -> QRect:
    return QRect(room.left(), room.top(), width, room.height())


def _right(room: QRect, width: int) -> QRect:
    return QRect(room.right() + 1 - width, room.top(), width, room.height())
