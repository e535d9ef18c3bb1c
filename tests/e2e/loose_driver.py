"""As ``driver``, with a kiosk that leaves keyboard and pointer to the window manager."""

import runpy

from posapp.ui.kiosk.front_keeper import FrontKeeper


def _hold_nothing(*more: object, **named: object) -> bool:
    return True


FrontKeeper._hold = _hold_nothing
runpy.run_module("tests.e2e.driver", run_name="__main__", alter_sys=True)
