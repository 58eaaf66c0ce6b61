"""MkDocs as the publisher: a project's mkdocs.yml, and a run with records that have been read already.

It takes long to load, so who may do without it imports this when it is needed. One of the few modules that know
MkDocs; a test names them.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from jinja2 import TemplateError
from mkdocs.commands import build as mkdocs_build
from mkdocs.config.config_options import Hooks
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort

from ..errors import UserError
from ..faults.diagnostics import Diagnostic, Problems
from ..layout import Project
from ..pages.rendering import explain_failure
from ..project import Prepared
from ..reading.site_settings import load_site_settings
from ..storage.cache import check_cache_folder
from ..writing.fill import Skeleton
from .mkdocs_plugin import BeltsPlugin, project_of
from .refusals import Rendered, word_refusal
from .settings import check_settings, load_config

__all__ = ["load_settings", "project_of", "run_for_skeleton", "run_mkdocs"]


def load_settings(root: Path) -> tuple[MkDocsConfig, BeltsPlugin]:
    """The project's mkdocs.yml and the plugin in it. Raises UserError, `Problems` for what it says of itself."""
    config_file = root / "mkdocs.yml"
    if not config_file.is_file():
        raise UserError(f"{config_file}: 没有找到；请在项目根目录运行 (run this in the project's root)")
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "0")
    if not (epoch.isascii() and epoch.isdecimal()):
        raise UserError(
            f"SOURCE_DATE_EPOCH={epoch!r}: 要写 1970 年以来的秒数，或不设 (want seconds since 1970, or leave it unset)"
        )
    documents = load_site_settings(root)
    if faults := [fault for document in documents for fault in document.diagnostics]:
        raise Problems(faults)
    check_cache_folder(root)
    Hooks._load_hook.cache_clear()  # noqa: SLF001 (or a process that goes on would know the first text of each alone)
    config = load_config(config_file, documents)
    plugin = config.plugins.get("belts")
    if not isinstance(plugin, BeltsPlugin):
        raise UserError(f"{config_file}: plugins 里没有 belts (the belts plugin is not listed)")
    check_settings(config, documents)
    return config, plugin


def run_for_skeleton(root: Path, prepared: Prepared, folder: Path) -> Skeleton:
    """What MkDocs makes but for what comes from records; its files are in `folder`. Raises as `run_mkdocs` does."""
    config, plugin = load_settings(root)
    plugin.skeleton_only = True
    run_mkdocs(config, plugin, prepared, folder)
    return plugin.skeleton


def run_mkdocs(config: MkDocsConfig, plugin: BeltsPlugin, prepared: Prepared, folder: Path) -> None:
    """MkDocs, strictly, with data that has been read already. Raises `Problems` and UserError."""
    plugin.config.fill = plugin.skeleton_only
    plugin.given = prepared
    plugin.destination, config.site_dir = Path(config.site_dir), str(folder)
    _run(config, plugin, prepared.project)


def _run(config: MkDocsConfig, plugin: BeltsPlugin, project: Project) -> None:
    """One build. Raises `Problems` for what stands in pages and in the navigation, UserError for the rest."""
    logger, listener = logging.getLogger("mkdocs"), _Listener(plugin, project)
    logger.addHandler(listener)
    before, logger.propagate = logger.propagate, False
    try:
        mkdocs_build.build(config)
    except Problems as problems:
        raise Problems((*listener.faults, *problems.diagnostics)) from None
    except Abort as error:
        raise Problems(listener.faults) if listener.faults else UserError(str(error)) from None
    except TemplateError as error:
        raise UserError(explain_failure(error, project.settings.templates)) from None
    finally:
        config.plugins.on_shutdown()
        logger.propagate = before
        logger.removeHandler(listener)


class _Listener(logging.Handler):
    """Takes what MkDocs warns of as faults; what cannot be worded goes where it would have gone."""

    def __init__(self, plugin: BeltsPlugin, project: Project) -> None:
        super().__init__(logging.WARNING)
        self._plugin, self._project = plugin, project
        self.faults: list[Diagnostic] = []

    def emit(self, record: logging.LogRecord) -> None:
        """The handler's own hook."""
        rendered = Rendered(self._project.root, self._plugin.anchors)
        if faults := word_refusal(record.getMessage(), rendered):
            self.faults += faults
        else:
            logging.getLogger().handle(record)
