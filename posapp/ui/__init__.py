"""User interface. Qt is used in this package only.

The modules of the first window touch neither ``QtCore.Qt`` nor a ``QStyle`` before it is painted:
PySide6 creates all enums of a namespace when the first one is touched, which takes 15 ms for the
one and 7 ms for the other. Those modules import ``QtCore`` and name its enums where they are needed
later; ``tests/ui/foundation/test_first_paint.py`` checks this.
"""
