"""The one writer of the built site, and what it keeps of the last one."""
