"""Cash: what is received for a sale, its change, and what is given back."""
