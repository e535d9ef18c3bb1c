"""Sounds of this machine: players of WAV files, and the shop's signals."""
