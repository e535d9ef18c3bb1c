"""Layouts of other systems' files, from the program's resources."""

from __future__ import annotations

from posapp.services.importing.layouts import Layouts, parse_layouts


def load_layouts() -> Layouts:
    """Return the layouts of other systems' files."""
    # Imported here: the services are opened without Qt.
    from posapp.ui.core.resources import resource

    return parse_layouts(resource("importing", "layouts.toml").read_text("utf-8"))
