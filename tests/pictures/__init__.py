"""Pictures of every page, at every size, in each theme and language: ``make pictures``."""
