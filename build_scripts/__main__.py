"""`python -m build_scripts` is the `belts` command."""

from .cli import run

run()
