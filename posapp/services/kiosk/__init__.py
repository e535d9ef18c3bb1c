"""Kiosk: the order that a buyer names, calling staff, and ending the program."""
