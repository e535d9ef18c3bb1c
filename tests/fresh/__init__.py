"""``make fresh``: ``make run`` and ``make test`` where nothing was installed by hand.

debootstrap makes an empty Debian with Python, make and certificates; the last commit is cloned into
it, and both commands run there as root. Plain standard library: it runs before any environment
exists.
"""
