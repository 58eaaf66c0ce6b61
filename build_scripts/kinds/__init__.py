"""The kinds of record, one module each."""
