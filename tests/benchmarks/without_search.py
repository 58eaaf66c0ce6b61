"""`belts build` without its search index: pages, maps, lists and downloads, to measure them alone."""

import sys
from collections.abc import Callable
from pathlib import Path

from build_scripts import write
from build_scripts.build import build_site


class NoIndex:
    """A plan to make nothing."""

    def start(self, _pool: object) -> Callable[[], tuple[()]]:
        """No files."""
        return tuple


def main() -> None:
    """`without_search.py ROOT`."""
    write.plan_index = lambda *_: NoIndex()
    build_site(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
