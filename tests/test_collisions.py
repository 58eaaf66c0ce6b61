"""No file of content/ takes the place of anything else on the site."""

import re
from pathlib import Path

import pytest
from conftest import copy_site

from build_scripts.building.build import build_site
from build_scripts.cli import main
from build_scripts.pages.collisions import find_collisions
from build_scripts.provenance.stamp import STAMP, hash_tree
from build_scripts.reading.load import load_dataset
from build_scripts.reading.manuscripts import list_published, published_path

PAGE = "---\ntitle: 甲\ndescription: 乙\n---\n## 你好\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return copy_site("second-city", tmp_path)


def test_every_file_that_the_site_makes_is_its_own(project: Path) -> None:
    """Of all that a build writes, nothing but what came from content/ may be put there."""
    (project / "belts/redirects.yml").write_text("workshops/old-mill: bamboo\n", encoding="utf-8")
    site = build_site(project).site
    dataset, content = load_dataset(project), list_published(project)
    written = {published_path(path.partition("/")[2]) for path in content}
    made = {*hash_tree(site), STAMP} - written
    assert len(made) > 100
    free = [path for path in sorted(made) if not [*find_collisions(dataset, [*content, f"content/{path}"])]]
    assert free == []
    assert [*find_collisions(dataset, content)] == []


@pytest.mark.parametrize(
    "path",
    [
        "areas/east-bank/index.md",
        "areas/east-bank.md",
        "about/index.md",
        "build.json",
        "_headers",
        "sitemap.xml",
    ],
)
def test_build_and_check_name_the_file(project: Path, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Both say the same, and the last site stays."""
    build_site(project)
    before = hash_tree(project / "site")
    (project / "content" / path).parent.mkdir(parents=True, exist_ok=True)
    (project / "content" / path).write_text(PAGE, encoding="utf-8")
    told = []
    for command in ("check", "build"):
        assert main(["-C", str(project), "--lang", "en", command]) == 1
        told.append(re.findall(r"^content/.*", "".join(capsys.readouterr()), re.MULTILINE))
    assert told[0] == told[1]
    assert told[0][0].startswith(f"content/{path}:1:1: error[B616]: the address ")
    assert hash_tree(project / "site") == before


def test_a_draft_has_no_address_yet(project: Path) -> None:
    """A page may stand where a record would be published."""
    area = project / "belts/areas/east-bank.yml"
    area.write_text(area.read_text(encoding="utf-8") + "status: draft\n", encoding="utf-8")
    assert [*find_collisions(load_dataset(project), ["content/areas/east-bank.md"])] == []
