"""The counter's own sale: the cart, and the way to its payment."""
