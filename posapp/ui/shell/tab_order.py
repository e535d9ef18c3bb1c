"""Order in which Tab visits the widgets of a window: the one in which a person reads them.

Qt's own order is that in which widgets were made, so that rows that arrive later come last, and a
page with a focus proxy loses what is before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_stops(root: QWidget) -> list[QWidget]:
    """Return the widgets below a root that Tab visits now, as their places on the screen say.

    What is above comes first; beside each other, what is left. A group of widgets is read whole.
    What lies under a side panel is no stop: nobody would see the focus there.
    """
    stops = [one for one in _read(root) if _takes_tab(one)]
    for panel in (one for one in root.findChildren(QWidget) if _is_side_panel(one)):
        stops = [one for one in stops if panel.isAncestorOf(one) or not _covers(panel, one)]
    return stops


def focus_next(window: QWidget, *, forward: bool) -> bool:
    """Focus the next widget, or the previous one; the first follows the last.

    Returns:
        ``False`` if there is no other one.
    """
    stops, now = tab_stops(window), window.focusWidget()
    if not stops or stops == [now]:
        return False
    at = next((at for at, one in enumerate(stops) if one is now), None)
    if at is None:
        at = _place_in_reading(window, stops, now) - (1 if forward else 0)
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    for step in range(1, len(stops) + 1):
        stops[(at + step if forward else at - step) % len(stops)].setFocus(reason)
        if window.focusWidget() is not now:  # not a field inside what has the focus already
            return True
    return False


def _place_in_reading(window: QWidget, stops: list[QWidget], now: QWidget | None) -> int:
    """Return the number of stops before a widget that is none itself."""
    passed = 0
    for one in _read(window):
        if one is now:
            return passed
        passed += passed < len(stops) and one is stops[passed]
    return 0


def _takes_tab(widget: QWidget) -> bool:
    # Not asked for its focus proxy: PySide then deletes a scroll area together with its viewport.
    tab = Qt.FocusPolicy.TabFocus
    return widget.isEnabled() and (widget.focusPolicy() & tab) == tab


def _is_side_panel(widget: QWidget) -> bool:
    # By its role, not its class: the first window does without the module.
    return widget.property("role") == "side-panel" and widget.isVisible()


def _covers(panel: QWidget, widget: QWidget) -> bool:
    centre = widget.mapTo(panel.window(), widget.rect().center())
    return panel.rect().contains(panel.mapFrom(panel.window(), centre))


def _read(parent: QWidget) -> Iterator[QWidget]:
    """Yield the visible widgets below a parent in the order of reading."""
    found = parent.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    for child in _in_order([one for one in found if one.isVisible() and not one.isWindow()]):
        yield child
        yield from _read(child)


def _in_order(widgets: list[QWidget]) -> Iterator[QWidget]:
    """Yield siblings row by row; in a row, column by column; and so on within each of these."""
    rows = _cut(widgets, lambda one: (one.y(), one.height()))
    parts = rows if len(rows) > 1 else _cut(widgets, lambda one: (one.x(), one.width()))
    if len(parts) > 1:
        for part in parts:
            yield from _in_order(part)
    else:
        yield from sorted(widgets, key=lambda one: (one.y(), one.x()))


def _cut(
    widgets: list[QWidget], extent: Callable[[QWidget], tuple[int, int]]
) -> list[list[QWidget]]:
    """Return the groups between which there is no widget across one direction."""
    groups: list[list[QWidget]] = []
    end = 0
    for one in sorted(widgets, key=extent):
        start, length = extent(one)
        if not groups or start >= end:
            groups.append([])
            end = start
        groups[-1].append(one)
        end = max(end, start + length)
    return groups
