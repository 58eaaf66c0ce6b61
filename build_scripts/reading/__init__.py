"""The one reader of belts/ and content/: files in, typed data and faults out."""
