"""`python -m build_scripts` is the `belts` command."""

import sys

from .cli import main

sys.exit(main())
