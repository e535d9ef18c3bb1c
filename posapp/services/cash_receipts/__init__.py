"""Cash receipts (현금영수증): asked for, issued and cancelled through PortOne or by hand."""
