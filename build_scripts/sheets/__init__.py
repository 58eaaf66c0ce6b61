"""Records as a workbook and back: one sheet a kind, one sheet a list of things within it.

A row of a list's sheet names its record and its place in the list, so that every sheet is flat, can be sorted
and filtered, and takes any number of items.
"""
