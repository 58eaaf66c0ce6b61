"""Changes of belts/: how its files are laid out, new ones, and edits that are written whole or not at all."""
