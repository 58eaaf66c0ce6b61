"""A build from settings to the swap."""
