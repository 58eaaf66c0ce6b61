"""Which pages and files the site has, and each of them as text; nothing here knows a publisher."""
