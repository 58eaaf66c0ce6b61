"""Where each record's time goes: processor time of each stage of a clean build, inline, by record.

`stages.py CITY` for a checkout that synthetic.py wrote. Pagefind's own time is that of its process.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from build_scripts.building.making import prepare_skeleton
from build_scripts.catalogue import build_catalogue
from build_scripts.checks import check_dataset
from build_scripts.pages.rendering import render_one, render_view
from build_scripts.pages.site import prepare_site
from build_scripts.project import Prepared
from build_scripts.provenance.stamp import hash_tree
from build_scripts.publishing.publisher import load_settings, project_of
from build_scripts.reading.load import load_dataset
from build_scripts.search.documents import SearchDocument, build_filters, document_keys, start_documents
from build_scripts.search.engine import extract_engine
from build_scripts.search.index import ENGINE, READINGS, build_index, list_names, list_parts
from build_scripts.search.readings import render_readings
from build_scripts.storage.files import write_file
from build_scripts.workers import open_pool, uncollected
from build_scripts.writing.dependencies import Dependencies
from build_scripts.writing.fill import Skeleton

T = TypeVar("T")


class Stages:
    """Seconds of processor time by stage, and what each stage returned."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def run(self, title: str, work: Callable[[], T]) -> T:
        """Do `work` and note its time, that of processes it waited for too."""
        start = _used()
        result = work()
        self.seconds[title] = _used() - start
        return result


def make_skeleton(prepared: Prepared) -> Skeleton:
    """What MkDocs makes."""
    with prepare_skeleton(prepared.project, prepared) as kept:
        return kept.skeleton


def measure(root: Path, target: Path) -> tuple[int, Stages]:
    """The stages of a build of the checkout at `root` into `target`; how many records it has."""
    stages = Stages()
    config, plugin = load_settings(root)
    project = project_of(config, plugin.config)
    dataset = stages.run("read and type the YAML", lambda: load_dataset(root))
    stages.run("check across records", lambda: list(check_dataset(dataset)))
    catalogue = stages.run("index", lambda: build_catalogue(dataset))
    site = stages.run("what all pages share", lambda: prepare_site(catalogue, project.settings))
    stages.run("what all maps share", lambda: site.atlas)
    stages.run("downloads", lambda: [file.digest for file in site.downloads.files.values()])
    stages.run("preview pictures", lambda: site.previews)
    skeleton = stages.run("MkDocs", lambda: make_skeleton(Prepared(project, site, dataset, (), ())))
    needs = stages.run("what each page depends on", lambda: Dependencies(site))
    stages.run("keys of pages", lambda: [needs.of_profile(i) for i in site.profile_ids])
    pages = stages.run("render pages and map data", lambda: [render_one(site, i) for i in site.profile_ids])

    def write_pages() -> None:
        for page in pages:
            values = {"title": page.title, "head": page.head, "body": page.body}
            filled = skeleton.profiles[page.pattern].fill(values).encode()
            for name, content in {**page.files, "index.html": filled}.items():
                write_file(target / page.url / name, content)

    stages.run("fill and write pages", write_pages)
    views = skeleton.views.items()
    stages.run(
        "lists and views",
        lambda: [render_view(site, p.view, "../" * url.count("/"), frozenset()) for url, p in views],
    )
    stages.run("what the browse page filters", lambda: site.browse_files)

    def make_documents() -> list[SearchDocument]:
        with open_pool(0, catalogue) as pool:
            return [*start_documents(document_keys(catalogue), pool)()]

    documents = stages.run("search words", make_documents)

    def write_index() -> None:
        index = build_index(document_keys(catalogue).values(), documents)
        filters = build_filters(d.traits for d in documents)
        everywhere = {ENGINE: extract_engine(), READINGS: render_readings()}
        for part in list_parts(index, filters, everywhere, list_names(catalogue.city)):
            for path, content in part.files.items():
                write_file(target / path, content)

    stages.run("search index", write_index)
    stages.run("manifest of hashes", lambda: hash_tree(target))
    return len(dataset.entries), stages


def _used() -> float:
    used = time.process_time()
    try:
        import resource
    except ImportError:
        return used
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used + children.ru_utime + children.ru_stime


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder, uncollected():
        records, stages = measure(Path(sys.argv[1]).resolve(), Path(folder))
    total = sum(stages.seconds.values())
    lines = ["| stage | processor seconds | ms a record |", "| --- | --- | --- |"]
    for title, seconds in (*stages.seconds.items(), ("all", total)):
        lines.append(f"| {title} | {seconds:.2f} | {1000 * seconds / records:.2f} |")
    print(f"{records} records\n\n" + "\n".join(lines))  # noqa: T201 (the table)


if __name__ == "__main__":
    main()
