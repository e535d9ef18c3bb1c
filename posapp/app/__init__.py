"""Composition root: knows every concrete class and connects them."""
