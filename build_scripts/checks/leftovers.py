"""What a spreadsheet leaves behind when its cells are pasted into the form or a file."""

from __future__ import annotations

from collections.abc import Iterator

from ..faults.diagnostics import Diagnostic
from ..reading.load import Dataset
from ..records.decode import iter_values
from ..records.text import SPREADSHEET_ERROR


def check_spreadsheet_errors(dataset: Dataset) -> Iterator[Diagnostic]:
    """No value is an error of a spreadsheet such as `#N/A`."""
    for entry in dataset.entries:
        if SPREADSHEET_ERROR.search(entry.content.decode("utf-8", "replace")):
            document = entry.locate()
            for path, value in iter_values(document.data):
                if SPREADSHEET_ERROR.fullmatch(value.strip()):
                    yield document.diagnose("B215", document.mark(path), got=value.strip())
