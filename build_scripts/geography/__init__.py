"""Points, distances and datums; the gazetteer; tracks as recorded; addresses in map services."""
