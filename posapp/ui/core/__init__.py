"""Core of the user interface: tasks, texts, theme, formats."""
