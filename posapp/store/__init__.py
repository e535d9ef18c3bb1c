"""Storage of the shop in one SQLite file; only this package uses SQLAlchemy.

The entry point is ``open_store.open_store``; ``search``, ``files.ledger_check`` and
``files.backup`` are separate. This package itself imports nothing: the caller chooses what to load,
and when.
"""
