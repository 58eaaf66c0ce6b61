"""What data is made of: YAML as text with its places, types of values, models, what a model names."""
