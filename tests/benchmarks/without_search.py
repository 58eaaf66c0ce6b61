"""`belts build` without its search index: pages, maps, lists and downloads, to measure them alone."""

import sys
from pathlib import Path

from build_scripts import write
from build_scripts.build import build_site


def leave_out(target: Path, documents: object) -> None:
    """An empty folder in the place of the index."""
    (target / write.FOLDER).mkdir()


def main() -> None:
    """`without_search.py ROOT`."""
    write.write_search = leave_out
    write.start_search = lambda *_: tuple
    build_site(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
