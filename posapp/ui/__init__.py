"""User interface. Qt is used in this package only.

The modules of the first window touch neither ``QtCore.Qt`` nor a ``QStyle`` before it is painted:
PySide6 creates all enums of a namespace when the first one is touched, which takes 15 ms for the
one and 7 ms for the other. Those modules import ``QtCore`` and name its enums where they are needed
later; ``tests/ui/foundation/test_first_paint.py`` checks this.

PySide6 replaces Python's import for its ``__feature__`` switches, which nothing here uses. Its
import reads the source of every module that is imported afterwards, and keeps all of them: 10 ms
and 4 MiB up to the first paint, 80 ms and 20 MiB until the services are attached. So Python's own
import is put back as soon as PySide6 is loaded (``qt_import``).
"""

from posapp.ui import qt_import as qt_import
