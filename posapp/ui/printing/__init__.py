"""Printing and PDF documents."""
