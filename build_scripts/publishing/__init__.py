"""MkDocs as the publisher: the plugin, a run of it, what it refuses, pages as Markdown documents."""
