"""The counter's own sale: its cart, the order of it, and the end of what nobody pays."""
