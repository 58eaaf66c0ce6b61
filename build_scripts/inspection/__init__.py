"""A finished site as others see it: what its pages hold, what would be marked down, what must not be in it."""
