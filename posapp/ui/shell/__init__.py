"""Main window, its dialogs and process-level services."""
