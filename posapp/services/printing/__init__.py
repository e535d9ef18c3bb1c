"""Papers on their way to the receipt printer."""
