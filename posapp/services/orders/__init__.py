"""Orders: fulfilment, history, print log."""
