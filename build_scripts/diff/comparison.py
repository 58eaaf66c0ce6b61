"""What a change does to the public site: two editions compared, record by record and address by address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from ..addresses import record_url
from ..faults.diagnostics import Diagnostic, diagnose_file
from ..kinds.base import Record
from ..kinds.registry import kind_named
from ..layout import BELTS
from ..reading.inventory import CITY_FILE, REDIRECTS_FILE
from ..reading.redirects import GONE
from .differences import Change, Differ, Naming, Words, compare_records, follow_renames
from .editions import Edition

REDIRECTS = f"{BELTS}/{REDIRECTS_FILE}"


class Fate(StrEnum):
    """What became of a record on the public site."""

    ADDED = "added"
    PUBLISHED = "published"
    RENAMED = "renamed"
    CHANGED = "changed"
    RETIRED = "retired"
    DRAFTED = "drafted"
    REMOVED = "removed"


class Subject(NamedTuple):
    """A record as readers know it: its kind's title, its name, its page."""

    id: str
    kind: str
    name: str
    address: str


class RecordChange(NamedTuple):
    """What became of one record: as it was (None: not on the site), as it is, and each change in it.

    `successor` is the record that its old address leads to when it is gone itself.
    """

    fate: Fate
    before: Subject | None
    after: Subject | None
    changes: tuple[Change, ...] = ()
    successor: Subject | None = None


@dataclass(frozen=True, slots=True)
class LostAddress:
    """An address that no longer shows its page.

    `target` is the address it leads to, `gone` for a page that says so, empty when nothing answers there any
    more; `mend` then says what to do about it, in `file`.
    """

    address: str
    name: str
    target: str
    mend: Words = field(default_factory=lambda: Words("", ""))
    file: str = ""

    @property
    def is_broken(self) -> bool:
        """Whether readers who kept the address find nothing."""
        return not self.target


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that a change does to the public site.

    `city` are the changes of city.yml; `pages` the addresses and titles of hand-written pages whose text differs; `files`
    the names of data files that were added, changed or removed; `unread` the record files that could not be
    read on either side, whose records are left out.
    """

    records: tuple[RecordChange, ...]
    gained: tuple[tuple[str, str], ...]
    lost: tuple[LostAddress, ...]
    city: tuple[Change, ...]
    pages: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    unread: tuple[str, ...]

    @property
    def broken(self) -> tuple[LostAddress, ...]:
        """The addresses that answer no more."""
        return tuple(lost for lost in self.lost if lost.is_broken)

    def of(self, fate: Fate) -> tuple[RecordChange, ...]:
        """The records of one fate."""
        return tuple(change for change in self.records if change.fate is fate)

    def __bool__(self) -> bool:
        """Whether anything differs."""
        return any((self.records, self.gained, self.lost, self.city, self.pages, self.files, self.unread))


def compare_editions(before: Edition, after: Edition) -> Comparison:
    """What readers will find changed."""
    differ = Differ(_naming(before), _naming(after))
    renamed = _renamed(before, after)
    skipped = before.unread_ids | after.unread_ids
    order = list(Fate)
    records = (c for c in _compare_records(before, after, renamed, differ) if not skipped & _ids(c))
    lost = tuple(sorted(_lost(before, after, skipped), key=lambda lost: (bool(lost.target), lost.address)))
    gained = after.addresses.keys() - before.addresses.keys()
    edited = _changed(_texts(before), _texts(after))
    added = {_record_page(address) for address in gained} & skipped
    return Comparison(
        records=tuple(sorted(records, key=lambda change: order.index(change.fate))),
        gained=tuple((a, after.addresses[a]) for a in sorted(gained) if _record_page(a) not in added),
        lost=lost,
        city=tuple(differ.compare(follow_renames(before.catalogue.city, renamed), after.catalogue.city)),
        pages=tuple((a, after.addresses[a]) for a in edited if a in before.pages and a in after.pages),
        files=_changed(before.catalogue.files, after.catalogue.files),
        unread=tuple(sorted({*before.unread, *after.unread})),
    )


def _naming(edition: Edition) -> Naming:
    return Naming(edition.name_of, edition.district_name, edition.district_at)


def _ids(change: RecordChange) -> set[str]:
    return {subject.id for subject in (change.before, change.after) if subject}


def _record_page(address: str) -> str:
    """The last part of a page's address: a record's id."""
    return address.rstrip("/").rpartition("/")[2]


def _changed(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[str, ...]:
    return tuple(sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name)))


def _texts(edition: Edition) -> dict[str, str]:
    return {address: page.text for address, page in edition.pages.items()}


# -- records ---------------------------------------------------------------------------------------


def _compare_records(
    before: Edition, after: Edition, renamed: Mapping[str, str], differ: Differ
) -> Iterator[RecordChange]:
    old, new = before.catalogue.records, after.catalogue.records
    former_ids = {target: i for i, target in renamed.items()}
    for record_id, record in new.items():
        former = old.get(former_ids.get(record_id, record_id))
        if former is None:
            fate = Fate.PUBLISHED if record_id in before.drafts else Fate.ADDED
            yield RecordChange(fate, None, _subject(after, record_id))
        elif former != record:
            subjects = _subject(before, former.id), _subject(after, record_id)
            yield from _changed_record(follow_renames(former, renamed), record, subjects, differ)
    successors = _successors(before, after)
    for record_id in old:
        if record_id not in new and record_id not in renamed:
            yield _vanished(record_id, before, after, successors.get(record_id))


def _changed_record(
    former: Record, record: Record, subjects: tuple[Subject, Subject], differ: Differ
) -> Iterator[RecordChange]:
    """The change of a record, unless it names other records by their new ids and changes in nothing else."""
    if former.kind != record.kind:
        yield RecordChange(Fate.RENAMED, *subjects)
    elif former.id != record.id:
        yield RecordChange(Fate.RENAMED, *subjects, compare_records(former, record, differ))
    elif former != record:
        yield RecordChange(Fate.CHANGED, *subjects, compare_records(former, record, differ))


def _renamed(before: Edition, after: Edition) -> dict[str, str]:
    """The new id of each record whose old address leads to a record that was not there before.

    Of several that lead to one record, that is the one most like it; it has taken the place of the others.
    """
    old, new = before.catalogue.records, after.catalogue.records
    former: dict[str, list[str]] = defaultdict(list)
    for record_id, target in _successors(before, after).items():
        if target and target not in old:
            former[target].append(record_id)
    return {max(ids, key=lambda i: _likeness(old[i], new[target])): target for target, ids in former.items()}


def _likeness(record: Record, other: Record) -> tuple[bool, bool, int]:
    """Whether two records are of one kind and one name, and how many of their fields are equal."""
    fields = vars(other.full)
    equal = sum(fields.get(name) == value for name, value in vars(record.full).items())
    return record.kind == other.kind, record.name == other.name, equal


def _successors(before: Edition, after: Edition) -> dict[str, str]:
    """The id that each vanished record's address leads to now; empty where a page says that it was withdrawn."""
    targets = {f"{redirect.address}/": redirect.target for redirect in after.catalogue.redirects}
    vanished = (i for i in before.catalogue.records if i not in after.catalogue.records)
    found = {i: targets.get(record_url(before.catalogue.records[i])) for i in vanished}
    records = after.catalogue.records
    return {i: target for i, target in found.items() if target == "" or (target and target in records)}


def _vanished(record_id: str, before: Edition, after: Edition, successor: str | None) -> RecordChange:
    subject = _subject(before, record_id)
    if successor is not None:
        target = _subject(after, successor) if successor else None
        return RecordChange(Fate.RETIRED, subject, None, successor=target)
    return RecordChange(Fate.DRAFTED if record_id in after.drafts else Fate.REMOVED, subject, None)


def _subject(edition: Edition, record_id: str) -> Subject:
    record = edition.catalogue.records[record_id]
    return Subject(record_id, kind_named(record.kind).title, record.name, record_url(record))


# -- addresses -------------------------------------------------------------------------------------


def _lost(before: Edition, after: Edition, skipped: frozenset[str]) -> Iterator[LostAddress]:
    """Every address that showed a page, or led to one, and does so no longer."""
    answers = _redirected(after)
    known = _redirected(before) | before.addresses
    for address, name in known.items():
        is_kept = address in answers and address not in before.addresses
        if address in after.addresses or is_kept or _record_page(address) in skipped:
            continue
        target = answers.get(address, "")
        file, mend = ("", Words("", "")) if target else _mend(address, before, after)
        yield LostAddress(address, name if address in before.addresses else address, target, mend, file)


def _mend(address: str, before: Edition, after: Edition) -> tuple[str, Words]:
    """The file in which a lost address is put right, and what to type there."""
    old, record_id = address.rstrip("/"), _record_page(address)
    if address in before.pages:
        server = "把这一页放回来，或在网站服务器上把它转到新地址"
        return before.pages[address].path, Words(
            server, "put the page back, or redirect it on the web server"
        )
    if old.startswith("districts/"):
        zh, en = "区县的编号不要改，改回", "an id of a district stays as it is: put back"
        return f"{BELTS}/{CITY_FILE}", Words(f"{zh} {record_id}", f"{en} `{record_id}`")
    if record_id in after.drafts:
        zh, en = (
            "改回 status: published，或用 belts retire",
            "write `status: published`, or use `belts retire",
        )
        return after.drafts[record_id], Words(f"{zh} {record_id}", f"{en} {record_id}`")
    lost = before.catalogue.records.get(record_id)
    alike = (
        r.id for r in after.catalogue.records.values() if lost and (r.kind, r.name) == (lost.kind, lost.name)
    )
    if likely := next(alike, ""):
        zh, en = f"像是改成了 {likely}：写 {old}: {likely}", f"it looks renamed: write `{old}: {likely}`"
        return REDIRECTS, Words(zh, en)
    zh, en = f"写 {old}: 新编号，或 {old}: gone 日期", f"write `{old}: NEW-ID` or `{old}: gone DATE`"
    return REDIRECTS, Words(zh, en)


def _redirected(edition: Edition) -> dict[str, str]:
    """Every old address and where it leads: an address, or `gone`."""
    records = edition.catalogue.records
    return {
        f"{redirect.address}/": record_url(records[redirect.target]) if redirect.target else GONE
        for redirect in edition.catalogue.redirects
        if not redirect.target or redirect.target in records
    }


def check_addresses(comparison: Comparison) -> Iterator[Diagnostic]:
    """B318 for every address that answered before and answers no more."""
    for lost in comparison.broken:
        mend = lost.mend
        yield diagnose_file(lost.file, "B318", got=lost.address, mend_zh=mend.zh, mend_en=mend.en)
