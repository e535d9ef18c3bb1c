"""Files of tables that people open in a spreadsheet."""
