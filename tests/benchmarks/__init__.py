"""What ``make bench`` measures; nothing here is part of ``make test``."""
