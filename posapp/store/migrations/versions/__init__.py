"""One file a step, named by its number; the highest number is ``opening.HEAD``."""
