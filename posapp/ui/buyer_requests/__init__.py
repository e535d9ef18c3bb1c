"""A buyer's own requests for an exchange or a refund."""
