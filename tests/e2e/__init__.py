"""End to end: real window, real sandbox, real browser, each in a process of its own."""
