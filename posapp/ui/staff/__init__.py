"""Who is at the till: sign-in and lock, approvals of refunds, and the page of staff."""
