"""The shop's records in one SQLite file: SQLAlchemy lives here and nowhere else.

``opening.open_store`` is the way in; ``queries``, ``ledger_check`` and ``backup`` stand beside it.
Importing this package itself imports nothing: the caller chooses what to pay for, and when.
"""
