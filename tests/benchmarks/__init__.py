"""What ``make bench`` measures. ``make test`` runs all of it once, small, and judges no figure."""
