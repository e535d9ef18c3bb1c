"""The buyer's display: a second window without input, and the screen that it is on."""
