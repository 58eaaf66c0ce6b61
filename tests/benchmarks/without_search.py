"""`belts build` without its search index: pages, maps, lists and downloads, to measure them alone."""

import sys
from collections.abc import Callable
from types import ModuleType


class NoIndex:
    """A plan to make nothing."""

    def start(self, _pool: object) -> Callable[[], tuple[()]]:
        """No files."""
        return lambda: ()


def main() -> None:
    """`without_search.py ROOT`: as the command does it, but what plans the index is never loaded."""
    nothing = ModuleType("build_scripts.search.index")
    vars(nothing).update(Part=NoIndex, plan_index=lambda *_: NoIndex())
    sys.modules[nothing.__name__] = nothing
    sys.argv[1:] = ["-C", *sys.argv[1:], "build"]
    from build_scripts.cli import run

    run()


if __name__ == "__main__":
    main()
