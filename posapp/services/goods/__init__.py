"""Products as the counter sells them: their fields, codes and options, and what a scan names."""
