"""What needs few records is made ahead, by a process of its own, when a build finds no cache.

Folium takes long to load and the base map is long in drawing: that is done while the records are read and MkDocs runs.
What is made goes to the cache, where the build finds it; what is not, the build makes itself.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.process import BaseProcess

from .cache import Cache
from .catalogue import build_catalogue
from .kinds.belt import KIND as BELTS
from .layout import Project
from .load import load_dataset
from .templates import compile_templates, keep_code
from .unchanged import RESULTS
from .views.atlas import draw_maps
from .workers import available_cores, can_fork, leave_interrupts


@contextmanager
def made_ahead(project: Project) -> Iterator[BaseProcess | None]:
    """Meanwhile the process runs, unless there is a cache already or no core to spare; join it to find all it makes."""
    if not can_fork() or available_cores() < 2 or (project.root / RESULTS).exists():
        yield None
        return
    import shapely  # noqa: F401 (here and there it will be needed at once)

    process = multiprocessing.get_context("fork").Process(target=_make, args=(project,))
    process.start()
    try:
        yield process
    except BaseException:
        process.terminate()
        raise
    finally:
        process.join()


def _make(project: Project) -> None:
    """The code of the templates, and what all maps share."""
    leave_interrupts()
    with suppress(Exception):  # a fault is told by the build, which meets it too
        cache, settings = Cache(project.root / RESULTS), project.settings
        keep_code(settings.templates, cache)
        compile_templates(settings.templates)
        belts = load_dataset(project.root, project.belts, folders=(BELTS.folder,))
        draw_maps(build_catalogue(belts), settings.tianditu_key, cache)
        cache.show()
