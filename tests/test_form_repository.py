"""The checkout as the form's repository: what it may read and write, and how a save is checked and laid out."""

import base64
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, copy_project
from pictures import jpeg

from build_scripts.faults.rules import Language
from build_scripts.form.repository import FaultyCommit, Refused, Repository, hash_blob

API = "/repos/belts/belts"
AREA = "belts/areas/tengtou.yml"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A copy of the real records."""
    return Repository(copy_project(tmp_path))


def change(path: str, text: str, operation: str = "update", **more: Any) -> dict[str, Any]:
    """A commit of one file, as the form sends it."""
    content = base64.b64encode(text.encode()).decode()
    return {"files": [{"operation": operation, "path": path, "content": content, **more}], "dates": {}}


def update(repository: Repository, path: str, text: str) -> Any:
    """Save a file that was opened as it is now."""
    sha = hash_blob((repository.root / path).read_bytes())
    return repository.commit(change(path, text, sha=sha))


def read(repository: Repository, path: str = AREA) -> str:
    """A file's text."""
    return (repository.root / path).read_text(encoding="utf-8")


def files_of(repository: Repository) -> dict[str, bytes]:
    """Every file of belts/."""
    base = repository.root / "belts"
    return {path.as_posix(): path.read_bytes() for path in sorted(base.rglob("*")) if path.is_file()}


def test_it_lists_records_and_city_only(repository: Repository) -> None:
    """Each with Git's own hash; no boundary file, no schema, nothing outside belts/."""
    tree = repository.answer(f"{API}/git/trees/main", {"page": "1"}, None)["tree"]
    assert {row["path"] for row in tree} >= {AREA, "belts/city.yml"}
    assert all(row["path"].endswith(".yml") for row in tree)
    row = next(row for row in tree if row["path"] == AREA)
    assert row["sha"] == hash_blob((ROOT / AREA).read_bytes())


def test_it_gives_the_contents_of_those_files_alone(repository: Repository) -> None:
    """A path outside is as if it were not there."""
    asked = {"files": [AREA, "mkdocs.yml", "../x", "/etc/passwd", "belts/../mkdocs.yml"]}
    (given,) = repository.answer(f"{API}/file-contents", {}, asked)
    assert base64.b64decode(given["content"]) == (ROOT / AREA).read_bytes()


def test_a_file_that_is_gone_meanwhile_is_none(repository: Repository) -> None:
    """Whoever deletes files while they are listed ends nothing."""
    blobs = repository.blobs()
    first, *_ = next(blobs)
    (repository.root / AREA).unlink()
    listed = {first, *(name for name, *_ in blobs)}
    assert AREA not in listed
    assert "belts/city.yml" in listed


def test_the_head_changes_with_any_file(repository: Repository) -> None:
    """Also when a file was changed by other means."""
    before = repository.head()
    (repository.root / AREA).write_text(read(repository).replace("年5月11日", "年5月12日"), encoding="utf-8")
    assert repository.head() != before


def test_a_save_is_laid_out_and_keeps_comments(repository: Repository) -> None:
    """Order of fields, two spaces, the comment where it was."""
    text = read(repository).replace("name: 滕头区域\n", "") + "\n# 说明\nname:   滕头片区\n"
    saved = update(repository, AREA, text)
    lines = read(repository).splitlines()
    assert lines[lines.index("# 说明") + 1] == "name: 滕头片区"
    assert lines.index("name: 滕头片区") < lines.index("name_en: Tengtou area")
    assert saved["files"] == [{"path": AREA, "sha": hash_blob((repository.root / AREA).read_bytes())}]
    assert saved["commit"]["sha"] == repository.head()


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("district: fenghua", "district: fenghu", "B309"),
        ("setting: rural", "setting: 乡间", "B204"),
        ("lat: 29.7097", "lat: 39.7097", ""),
        ("since: 2015-05-11", "since: [", ""),
    ],
)
def test_a_faulty_save_writes_nothing(repository: Repository, old: str, new: str, code: str) -> None:
    """Its faults come back, and every file is as it was."""
    before = files_of(repository)
    with pytest.raises(FaultyCommit) as caught:
        update(repository, AREA, read(repository).replace(old, new, 1))
    assert any(fault.path == AREA for fault in caught.value.diagnostics)
    assert not code or code in {fault.code for fault in caught.value.diagnostics}
    assert files_of(repository) == before


def test_a_fault_in_another_file_does_not_hinder_a_save(repository: Repository) -> None:
    """Only what a save brings is refused."""
    other = repository.root / "belts/areas/warm-home.yml"
    other.write_text(
        other.read_text(encoding="utf-8").replace("status", "statis") + "nonsense: 1\n", encoding="utf-8"
    )
    update(repository, AREA, read(repository).replace("name_en: Tengtou area", "name_en: Tengtou"))
    assert "name_en: Tengtou\n" in read(repository)


def test_two_editors_do_not_overwrite_each_other(repository: Repository) -> None:
    """A file that changed since it was opened is not written over, nor one that is there already."""
    sha = hash_blob((repository.root / AREA).read_bytes())
    update(repository, AREA, read(repository).replace("Tengtou area", "Tengtou"))
    for commit in (change(AREA, "name: x\n", sha=sha), change(AREA, "name: x\n", "create")):
        with pytest.raises(Refused) as caught:
            repository.commit(commit)
        assert caught.value.status == 409


@pytest.mark.parametrize(
    "path",
    [
        "mkdocs.yml",
        "belts/geo/coast.geojson",
        "belts/redirects.yml",
        "belts/schemas/area.schema.json",
        "belts/areas/../city.yml",
        "belts/areas/../../x.yml",
        "belts/areas/a/b.yml",
        "belts/areas/.x.yml",
        "belts/photos/../x.jpg",
        "belts/photos/x.yml",
        "belts/photos/.x.jpg",
        "belts/areas/X.yml",
        "belts/nothing/x.yml",
        "/belts/areas/x.yml",
        "../belts/areas/x.yml",
        "belts\\areas\\x.yml",
        "areas/x.yml",
        "",
    ],
)
def test_it_writes_records_and_city_only(repository: Repository, path: str) -> None:
    """Any other path is refused before anything is written."""
    before = files_of(repository)
    with pytest.raises(Refused):
        repository.commit(change(path, "name: x\n", "create"))
    assert files_of(repository) == before


def test_it_does_not_write_through_a_link(repository: Repository, tmp_path: Path) -> None:
    """A symbolic link is refused."""
    target = tmp_path / "elsewhere.yml"
    target.write_text("name: x\n", encoding="utf-8")
    (repository.root / "belts/areas/linked.yml").symlink_to(target)
    with pytest.raises(Refused):
        repository.commit(change("belts/areas/linked.yml", "name: y\n", sha=hash_blob(b"name: x\n")))
    assert target.read_text(encoding="utf-8") == "name: x\n"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("logo.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("page.png", b"<!doctype html><script>1</script>"),
        ("cut.jpg", jpeg()[:2000]),
        ("named.png", jpeg()),
        ("IMG_1.HEIC", b"\0\0\0\x18ftypheic"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("photo.heic", jpeg()),
    ],
)
def test_a_photo_is_judged_by_what_it_holds(repository: Repository, name: str, content: bytes) -> None:
    """Drawings, pages, other formats, damaged and mislabelled files are refused, and what to do is said."""
    encoded = base64.b64encode(content).decode()
    file = {"operation": "create", "path": f"belts/photos/{name}", "content": encoded}
    with pytest.raises(FaultyCommit) as caught:
        repository.commit({"files": [file]})
    assert [bool(fault.help(Language.ZH)) for fault in caught.value.diagnostics] == [True]
    assert not (repository.root / "belts/photos").exists()


def test_a_photo_that_nothing_names_can_be_deleted(repository: Repository) -> None:
    """One that a record shows stays, and the record is told; so does one that has changed meanwhile."""
    photo = repository.root / "belts/photos/gate.jpg"
    photo.parent.mkdir()
    photo.write_bytes(jpeg())
    shown = "photos:\n  - file: photos/gate.jpg\n    alt: 村口的石桥和香樟树\n    credit: 示例市融媒体中心\n    licence: own\n"
    old = read(repository)
    update(repository, AREA, old + shown)
    deletion = {"operation": "delete", "path": "belts/photos/gate.jpg", "content": ""}
    with pytest.raises(FaultyCommit) as caught:
        repository.commit({"files": [{**deletion, "sha": hash_blob(jpeg())}]})
    assert {fault.path for fault in caught.value.diagnostics} == {AREA}
    update(repository, AREA, old)
    with pytest.raises(Refused):
        repository.commit({"files": [{**deletion, "sha": hash_blob(b"another")}]})
    assert photo.exists()
    broken = repository.root / "belts/areas/broken.yml"
    broken.write_text(shown + "name: [\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"broken\.yml"):
        repository.commit({"files": [{**deletion, "sha": hash_blob(jpeg())}]})
    assert photo.exists()
    broken.unlink()
    repository.commit({"files": [{**deletion, "sha": hash_blob(jpeg())}]})
    assert not photo.exists()


def test_a_photo_can_be_looked_at(repository: Repository) -> None:
    """Saved whole, listed with its hash, and given back as it is; no other file is."""
    encoded = base64.b64encode(jpeg()).decode()
    path = "belts/photos/gate.jpg"
    repository.commit({"files": [{"operation": "create", "path": path, "content": encoded}]})
    assert repository.answer(f"{API}/media/main/{path}", {}, None) == jpeg()
    with pytest.raises(Refused):
        repository.answer(f"{API}/media/main/mkdocs.yml", {}, None)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"files": []},
        {"files": "x"},
        {"files": ["x"]},
        {"files": [{"operation": "delete", "path": AREA, "sha": hash_blob((ROOT / AREA).read_bytes())}]},
        {
            "files": [
                {
                    "operation": "update",
                    "path": AREA,
                    "content": "!",
                    "sha": hash_blob((ROOT / AREA).read_bytes()),
                }
            ]
        },
        change("belts/areas/moved.yml", "name: x\n", "create", from_path=AREA),
    ],
)
def test_other_requests_are_refused(repository: Repository, body: dict[str, Any]) -> None:
    """Malformed ones, deletions of records and moves; nothing is written."""
    before = files_of(repository)
    with pytest.raises(Refused):
        repository.commit(body)
    assert files_of(repository) == before
