"""The machine: clock, numbers, folders, settings, keyring, log, lock; one file each.

This file imports nothing, so that each part costs only itself.
"""
