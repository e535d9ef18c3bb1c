"""Receipt printers: ESC/POS, the ways to a printer, and what it says about itself."""
