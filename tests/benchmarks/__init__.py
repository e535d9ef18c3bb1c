"""Benchmarks of ``make bench``. ``make test`` runs each once, small, and judges no figure."""
