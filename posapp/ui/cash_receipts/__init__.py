"""Cash receipts (현금영수증): the panel of an order, and the list of what people do."""
