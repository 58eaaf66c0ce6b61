"""Putting a built site on a host and back: compressed copies, the host, releases and the switch."""
