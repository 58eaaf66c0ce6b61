"""The configuration of the web form, made from the models: one collection a kind, one field a field.

The form reads and writes every value as text, as the records do, so no value changes its type on the way. What a
field is called, how it is explained and what it may hold comes from the models alone; knows no record and no file.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..editing.schemas import modeline
from ..kinds.base import Kind
from ..kinds.registry import find_kinds
from ..layout import BELTS
from ..photos.originals import LARGEST_BYTES
from ..reading.inventory import CITY_FILE, LONGEST_ID
from ..records.city import City, GitHost, GitService
from ..records.ids import DistrictReference, PhotoFile, RecordReference
from ..records.places import Location
from ..records.references import field_marker
from ..records.shapes import (
    find_choices,
    inner_model,
    is_list,
    iter_marks,
    iter_types,
    least_items,
    longest_text,
)
from ..records.text import LONGEST_BODY, SLUG, WebAddress

Widget: TypeAlias = dict[str, Any]

IDENTIFIER = "belts-id"
REFERENCE = "belts-reference"
LOCATION = "belts-location"
SETTINGS = "settings"
_DEEPEST = 3  # a tree of parts is shown so many levels deep; deeper ones stay as they are in the file
_LONG = 60  # characters from which a text gets a box of several lines
_ICONS = {
    "belt": "route",
    "area": "location_city",
    "alliance": "hub",
    "workshop": "storefront",
    "programme": "account_tree",
    "indicator": "monitoring",
    "milestone": "event",
    "source": "menu_book",
}


def build_form_config() -> dict[str, Any]:
    """The form's configuration without a backend: what can be edited, field by field."""
    return {
        "load_config_file": False,
        "app_title": "记录编辑",
        "media_folder": f"{BELTS}/photos",
        "public_folder": "/photos",
        "media_libraries": {
            "default": {"config": {"max_file_size": LARGEST_BYTES, "slugify_filename": True}},
            "stock_assets": False,
        },
        "show_preview_links": False,
        "slug": {"encoding": "ascii", "lowercase": True, "maxlength": LONGEST_ID},
        "editor": {"preview": False},
        "output": {"omit_empty_optional_fields": True},
        "collections": [*map(_collection, find_kinds()), _settings()],
    }


_PHOTO: Widget = {
    "widget": "image",
    "accept": "image/jpeg,image/png,image/webp",
    "choose_url": False,
}
"""A photo that is uploaded; what it holds is judged when the record is saved."""

_HOMES = {
    GitService.GITHUB: ("https://api.github.com", "https://api.github.com"),
    GitService.GITLAB: ("https://gitlab.com", "https://gitlab.com/api/v4"),
    GitService.GITEA: ("https://gitea.com", "https://gitea.com/api/v1"),
}
_API_PATHS = {GitService.GITHUB: "/api/v3", GitService.GITLAB: "/api/v4", GitService.GITEA: "/api/v1"}


def build_backend(host: GitHost) -> dict[str, Any]:
    """The form's settings for a Git host; without an application to sign in by, editors give an access token."""
    home, api = _HOMES[host.service]
    if host.address:
        home = host.address.rstrip("/")
        api = f"{home}{_API_PATHS[host.service]}"
    backend = {"name": host.service.value, "repo": host.repository, "branch": host.branch, "api_root": api}
    if host.service is GitService.GITHUB:
        signs_in = {"base_url": host.login} if host.login else {}
    else:
        pkce = {"auth_type": "pkce"} if host.service is GitService.GITLAB else {}
        signs_in = {"base_url": home, "app_id": host.app_id, **pkce} if host.app_id else {}
    return {**backend, **signs_in, "auth_methods": ["oauth", "token"] if signs_in else ["token"]}


def build_formats() -> dict[str, str]:
    """The line that a new file of each format begins with, by the format's name."""
    lines = {_format(kind.name): modeline(kind.name) for kind in find_kinds()}
    return {**lines, _format("city"): modeline("city", depth=0)}


def _format(name: str) -> str:
    return f"belts-{name}"


def _collection(kind: Kind) -> dict[str, Any]:
    return {
        "name": kind.name,
        "label": kind.title,
        "label_singular": kind.title,
        "description": kind.description,
        "icon": _ICONS.get(kind.name, "description"),
        "folder": f"{BELTS}/{kind.folder}",
        "extension": "yml",
        "format": _format(kind.name),
        "create": True,
        "delete": False,
        "duplicate": False,
        "identifier_field": "name",
        "summary": "{{name}}",
        "thumbnail": False,
        "slug": {"template": "{{fields.id}}", "editable": []},
        "sortable_fields": ["name", "published", "updated"],
        "view_filters": [{"label": "草稿", "field": "status", "pattern": "draft"}],
        "fields": [_id(), *_fields(kind.model)],
    }


def _id() -> Widget:
    """The id, which names the file and is not written in it."""
    return {
        "name": "id",
        "label": "编号",
        "widget": IDENTIFIER,
        "hint": "新记录要写：小写字母、数字和连字符，如 tengtou；是文件名，也出现在网址里，定下后不改",
        "pattern": [f"^{SLUG.pattern}$", "要写编号：只用小写字母、数字和连字符，如 tengtou"],
        "maxlength": LONGEST_ID,
        "required": False,
    }


def _settings() -> dict[str, Any]:
    """The one collection of single files: the city."""
    city = {
        "name": "city",
        "label": "城市",
        "file": f"{BELTS}/{CITY_FILE}",
        "format": _format("city"),
        "fields": list(_fields(City)),
    }
    return {"name": SETTINGS, "label": "设置", "icon": "settings", "files": [city]}


# -- fields --------------------------------------------------------------------------------------


def _fields(model: type[BaseModel], depth: int = 1) -> Iterator[Widget]:
    for name, field in model.model_fields.items():
        if not field.exclude and (inner_model(field.annotation) is not model or depth <= _DEEPEST):
            yield build_widget(name, field, depth)


def build_widget(name: str, field: FieldInfo, depth: int = 1) -> Widget:
    """One field of the form."""
    widget: Widget = {"name": name, "label": field.title or name, "required": field.is_required()}
    if hint := _hint(field):
        widget["hint"] = hint
    if isinstance(field.default, str):
        widget["default"] = str(field.default)
    return {**widget, **(_list(field, depth) if is_list(field) else _single(field, depth))}


def _hint(field: FieldInfo) -> str:
    """The description and an example; the form shows both under the field."""
    examples = [item for item in field.examples or () if isinstance(item, str)]
    parts = [field.description or "", f"如 {'、'.join(examples)}" if examples else ""]
    return "；".join(part for part in parts if part).replace("[", r"\[")


def _list(field: FieldInfo, depth: int) -> Widget:
    least = least_items(field)
    some = {"min": least} if least else {}
    if inner := inner_model(field.annotation):
        fields = list(_fields(inner, depth + 1 if _is_recursive(inner) else depth))
        return {
            "widget": "list",
            "fields": fields,
            "summary": _summary(fields),
            "label_singular": field.title,
            "collapsed": True,
            **some,
        }
    if (marker := field_marker(field)) is not None:
        return {**_reference(marker), "multiple": True, **some}
    if choices := find_choices(field):
        return {**_select(choices), "multiple": True, **some}
    return {"widget": "list", "field": {"name": "item", "label": field.title, **_text(field)}, **some}


def _is_recursive(model: type[BaseModel]) -> bool:
    return any(inner_model(field.annotation) is model for field in model.model_fields.values())


def _summary(fields: list[Widget]) -> str:
    """What a folded item shows: its name or text, that of the place in it, and the number beside it."""
    names = {widget["name"] for widget in fields}
    first = next((name for name in ("name", "label", "text", "record", "value", "alt") if name in names), "")
    places = [f"{widget['name']}.name" for widget in fields if _has_name(widget)]
    rest = [name for name in ("value", "unit", "as_of") if name in names and name != first]
    return " ".join(f"{{{{fields.{name}}}}}" for name in (first, *places, *rest) if name)


def _has_name(widget: Widget) -> bool:
    """Whether a field is a part of the item that has a name."""
    return widget["widget"] == "object" and any(field["name"] == "name" for field in widget["fields"])


def _single(field: FieldInfo, depth: int) -> Widget:
    inner = inner_model(field.annotation)
    if inner is Location:
        return {"widget": LOCATION, "fields": list(_fields(inner))}
    if inner is not None:
        return {"widget": "object", "collapsed": False, "fields": list(_fields(inner, depth))}
    if choices := find_choices(field):
        return _select(choices)
    if (marker := field_marker(field)) is not None:
        return _reference(marker)
    types = list(iter_types(field.annotation))
    return next((widget(field) for kind, widget in _BY_TYPE if kind in types), None) or _text(field)


def _flag(field: FieldInfo) -> Widget:
    """Yes or no, as the file writes it."""
    default = {} if field.default is None else {"default": str(field.default).lower()}
    return {**_select({"true": "是", "false": "否"}), **default}


def _day(field: FieldInfo) -> Widget:
    return {"widget": "datetime", "type": "date", "format": "YYYY-MM-DD", "time_format": False}


def _select(choices: Mapping[str, str]) -> Widget:
    options = [{"label": label, "value": value} for value, label in choices.items()]
    return {"widget": "select", "options": options}


def _number(field: FieldInfo) -> Widget:
    """A whole number, kept as text."""
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, Mapping) else {}
    limits = {"min": extra.get("minimum"), "max": extra.get("maximum")}
    return {"widget": "number", "value_type": "int/string", **{k: v for k, v in limits.items() if v}}


def _reference(marker: object) -> Widget:
    """A searchable choice of records: of one kind by the form's own means, of several by the index of all."""
    if isinstance(marker, DistrictReference):
        return {
            "widget": "relation",
            "collection": SETTINGS,
            "file": "city",
            "value_field": "districts.*.id",
            "display_fields": ["districts.*.name"],
            "search_fields": ["districts.*.name", "districts.*.id"],
            "dropdown_threshold": 0,
        }
    if isinstance(marker, PhotoFile):
        return dict(_PHOTO)
    if not isinstance(marker, RecordReference):
        return {"widget": "string"}
    if len(marker.kinds) != 1:
        return {"widget": REFERENCE, "kinds": list(marker.kinds)}
    return {
        "widget": "relation",
        "collection": marker.kinds[0],
        "value_field": "{{slug}}",
        "display_fields": ["name"],
        "search_fields": ["name", "{{slug}}"],
        "dropdown_threshold": 0,
    }


def _text(field: FieldInfo) -> Widget:
    limit = longest_text(field)
    if get_args(WebAddress)[1] in iter_marks(field):
        return {"widget": "string", "type": "url"}
    if limit <= _LONG:
        return {
            "widget": "string",
            "use_emoji_autocomplete": False,
            **({"maxlength": limit} if limit else {}),
        }
    return {"widget": "text", "use_emoji_autocomplete": False, "maxlength": min(limit, LONGEST_BODY)}


_BY_TYPE: tuple[tuple[type, Callable[[FieldInfo], Widget]], ...] = (
    (bool, _flag),
    (datetime.date, _day),
    (int, _number),
)
