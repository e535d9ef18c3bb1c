"""Access to the machine: clock, ids, folders, settings, keyring, log, lock; one file each.

This file imports nothing, so that each part loads only its own dependencies.
"""
