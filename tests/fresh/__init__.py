"""``make fresh``: ``make run`` and ``make test`` where nothing was installed by hand.

An empty Debian is made by debootstrap, with Python, make and certificates; a clone of the last
commit is put into it, and both commands run there as root would type them. Plain standard library:
it runs before any environment exists.
"""
