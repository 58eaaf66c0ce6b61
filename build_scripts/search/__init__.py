"""Search: what can be found, and its index as the files that a browser fetches."""
