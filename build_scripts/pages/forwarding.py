"""The pages at old addresses: one that leads on to where its record is now, one that says it was withdrawn."""

from __future__ import annotations

from typing import NamedTuple

from jinja2 import Template

from ..catalogue import Catalogue
from ..kinds.base import Kind
from ..kinds.registry import find_kinds
from ..reading.redirects import Redirect
from ..views.links import record_link
from ..views.parts import Link
from ..web.published import Published
from ..web.templates import render_body

_ROOT = "../../"


class MovedView(NamedTuple):
    """What the page at an old address says: where its record is now, or that there is none.

    `section` is the list of the kind it belonged to.
    """

    title: str
    text: str
    link: Link | None
    section: Link


def build_forwarding(
    catalogue: Catalogue, template: Template, published: Published, site_url: str, policy: str = ""
) -> dict[str, bytes]:
    """The page of every old address, by its path in the site; `policy` is printed in each unless empty."""
    pages = {}
    for redirect in catalogue.redirects:
        view = build_moved(redirect, catalogue)
        canonical = site_url + view.link.url if site_url and view.link else ""
        page = render_body(
            template,
            view=view,
            city=catalogue.city,
            root=_ROOT,
            canonical=canonical,
            policy=policy,
            asset=published.address,
        )
        pages[redirect.page] = f"{page}\n".encode()
    return pages


def build_moved(redirect: Redirect, catalogue: Catalogue) -> MovedView:
    """The view of one old address."""
    section = Link(_kind(redirect).title, f"{redirect.section}/")
    record = catalogue.records.get(redirect.target)
    if record is not None:
        return MovedView(f"{record.name}已换地址", "", record_link(record), section)
    when = f"已于{redirect.withdrawn}撤下" if redirect.withdrawn else "已撤下"
    return MovedView("记录已撤下", f"这个地址上的{section.text}记录{when}。", None, section)


def _kind(redirect: Redirect) -> Kind:
    return next(kind for kind in find_kinds() if kind.url_folder == redirect.section)
