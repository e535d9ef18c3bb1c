"""Help: the pages of the manual, and the panel that shows them beside the page."""
