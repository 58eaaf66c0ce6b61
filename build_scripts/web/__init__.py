"""What browsers and servers are given besides pages: styles, scripts, libraries, heads, headers."""
