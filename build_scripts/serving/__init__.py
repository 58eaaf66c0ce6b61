"""The preview: the site as it would be now, a page when it is asked for."""
