"""Random input on every page: ``make monkey``."""
