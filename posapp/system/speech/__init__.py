"""Speech of this machine: synthesisers by system, and recordings."""
