"""Business rules of the shop: plain Python without I/O, Qt, SQL or a clock."""
