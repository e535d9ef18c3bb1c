"""The products of the counter: list, form, codes and options."""
