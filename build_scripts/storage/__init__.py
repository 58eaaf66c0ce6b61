"""Bytes kept between builds and put aside within one, and files that trees share."""
