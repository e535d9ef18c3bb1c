"""End to end: real window, real sandbox, real browser, each in its own process."""
