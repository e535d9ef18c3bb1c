"""Staff: signing in, rights, approvals of refunds, and who is on the staff."""
