"""What a change does to the public site: two editions compared and told."""
