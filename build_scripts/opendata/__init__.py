"""What others may take and reuse: the records as tables, and the files made of them."""
