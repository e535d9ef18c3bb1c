"""Settings of a shop, its keys, and its set-up."""
