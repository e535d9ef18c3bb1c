"""The windows: Qt lives here and nowhere else.

What the first window is made of touches neither ``QtCore.Qt`` nor a ``QStyle`` before it is
painted: PySide6 makes all enums of a namespace when its first one is touched, which takes 15 ms
for the one and 7 ms for the other. Those files import ``QtCore`` and name its enums where they are
needed later; ``tests/ui/foundation/test_first_paint.py`` holds that.
"""
