"""The rules of the shop: plain Python, no I/O, no Qt, no SQL and no clock."""
