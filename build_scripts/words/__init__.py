"""What can be told of words and marked-up text without knowing what they are about."""
