"""Photos as they were taken, and the pictures that the site makes of them."""
