"""A cold build warms up: what needs few records is made by a process of its own when there is no cache.

Folium takes long to load and the base map is long in drawing. So the process begins to load before anything else does,
and draws while the records are read and MkDocs runs. What it makes goes to the cache, where the build finds it; what it
does not, the build makes itself.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ..layout import RESULTS
from ..workers import available_cores, begin_worker, can_fork, uncollected

if TYPE_CHECKING:
    from ..layout import Project


class WarmUp(NamedTuple):
    """The process, and the way to tell it what to make."""

    process: BaseProcess
    orders: Connection

    def begin(self, project: Project) -> None:
        """Let it make what all pages of a project share; nothing happens if it has ended."""
        with suppress(OSError):
            self.orders.send(project)

    def wait(self) -> None:
        """Until it has made what it can of what it was told to begin."""
        self.process.join()


@contextmanager
def warming_up(root: Path) -> Iterator[WarmUp | None]:
    """Meanwhile the process runs, unless there is a cache already or no core to spare."""
    if not can_fork() or available_cores() < 2 or (root / RESULTS).exists():
        yield None
        return
    context = multiprocessing.get_context("fork")
    theirs, ours = context.Pipe(duplex=False)
    process = context.Process(target=_make, args=(theirs, ours))
    process.start()
    theirs.close()
    try:
        yield WarmUp(process, ours)
    except BaseException:
        process.terminate()
        raise
    finally:
        ours.close()  # it ends if it still waits
        process.join()


def _make(ours: Connection, theirs: Connection) -> None:
    """The code of the templates, and what all maps share."""
    begin_worker()
    theirs.close()
    with uncollected(), suppress(Exception):  # a fault is told by the build, which meets it too
        import folium  # noqa: F401 (before anybody asks for it)

        from ..catalogue import build_catalogue
        from ..kinds.belt import KIND
        from ..maps.drawings import plan_drawings
        from ..reading.load import load_dataset
        from ..storage.cache import Cache
        from ..web.templates import compile_templates, keep_code

        project: Project = ours.recv()
        cache, settings = Cache(project.root / RESULTS), project.settings
        keep_code(settings.templates, cache)
        compile_templates(settings.templates)
        belts = load_dataset(project.root, folders=(KIND.folder,))
        plan_drawings(build_catalogue(belts), settings.tianditu_key).draw(cache)
        cache.show()
