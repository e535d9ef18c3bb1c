"""Cash of the counter: shifts, tenders, and cash that goes back."""
