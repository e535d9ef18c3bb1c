"""Opening and closing a shift, and the cash in its drawer."""
