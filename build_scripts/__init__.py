"""Belts: builds a city's showcase of demonstration areas and boutique belts as a static site."""
