"""What mkdocs.yml says, as MkDocs has read it, now or for an earlier build: MkDocs takes long to load."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..errors import UserError
from ..layout import BELTS, CONTENT, Project
from ..settings_files import find_variables, read_settings_files
from ..storage.cache import Cache, check_cache_folder, digest_of, program_digest, remember


class Settings(NamedTuple):
    """The project, where the site goes, and two of the project's folders as they are written, links not followed."""

    project: Project
    site: Path
    templates: Path
    node_modules: Path

    @property
    def are_sound(self) -> bool:
        """Whether all is there that a build cannot do without, and the folders are those that they were."""
        root, project = self.project.root, self.project
        found = (self.templates.resolve(), self.node_modules.resolve())
        folders = (root / BELTS, root / CONTENT, self.templates)
        is_same = found == (project.settings.templates, project.settings.node_modules)
        is_there = all(path.exists() for path in project.settings.inputs)
        return is_same and is_there and all(folder.is_dir() for folder in folders)


def find_settings(root: Path, cache: Cache) -> Settings:
    """The settings of the checkout at `root`. Raises UserError, also when what is to be kept has no place."""
    check_cache_folder(root)
    try:
        files = read_settings_files(root)
    except OSError as error:
        raise UserError(f"{error.filename}: {error.strerror}") from None
    texts = (part for path, text in files.items() for part in (str(path).encode(), text))
    variables = repr(find_variables(files.values())).encode()
    key = digest_of(program_digest(), b"settings", str(root).encode(), variables, *texts)
    known = remember(cache, key, Settings, lambda: _read(root))
    return known if known.are_sound else _read(root)


def _read(root: Path) -> Settings:
    from ..publishing.publisher import load_settings, project_of

    config, plugin = load_settings(root)
    project = project_of(config, plugin.config)
    folders = (root / plugin.config.templates, root / plugin.config.node_modules)
    return Settings(project, Path(config.site_dir), *folders)
