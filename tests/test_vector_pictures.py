"""SVG beside the pages: a picture passes, a document that runs, loads or leads elsewhere does not."""

import pytest

from build_scripts.reading.vector_pictures import judge_svg

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'


@pytest.mark.parametrize(
    "inside",
    [
        "<title>平面图 &amp; 说明</title><path d='M0 0L9 9' style='fill:url(#a)'/>",
        '<defs><linearGradient id="a"/></defs><use xlink:href="#a"/>',
        '<image href="data:image/png;base64,AAAA"/>',
        "<style>path { fill: url('#a') }</style>",
        "<text class='once'>once upon @ a time</text>",
    ],
)
def test_a_picture_passes(inside: str) -> None:
    assert judge_svg(f'<?xml version="1.0"?>\n<!DOCTYPE svg>\n{HEAD}{inside}</svg>'.encode()) is None


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<svg:script xmlns:svg='http://www.w3.org/2000/svg'/>", "<svg:script>"),
        ("<foreignObject><p/></foreignObject>", "<foreignObject>"),
        ("<path onload='x()'/>", "onload="),
        ("<path ONLOAD='x()'/>", "ONLOAD="),
        ("<a href='java&#10;script:x()'/>", "href="),
        ("<a xlink:href='https://example.org/'/>", "xlink:href="),
        ("<set attributeName='href' to='javascript:x()'/>", "to="),
        ("<animate attributeName='href' values='#a;javascript:x()'/>", "values="),
        ("<h:meta xmlns:h='http://www.w3.org/1999/xhtml' content='0'/>", "<h:meta>"),
        ("<image href='https://example.org/a.png'/>", "href="),
        ("<image href='data:image/svg+xml,x'/>", "href="),
        ("<path style='fill:url(https://example.org/)'/>", "url("),
        ("<style>@import 'https://example.org/';</style>", "@import"),
        ("<?xml-stylesheet href='a.css'?>", "<?xml-stylesheet?>"),
        ("<path", "XML: not well-formed"),
    ],
)
def test_what_runs_loads_or_leads_elsewhere_is_found(inside: str, what: str) -> None:
    """With its line."""
    found = judge_svg(f"{HEAD}\n\n{inside}</svg>".encode())
    assert found is not None
    line, told = found
    assert (line, told.startswith(what)) == (3, True), told


@pytest.mark.parametrize("text", ['<!DOCTYPE svg [<!ENTITY a "b">]>\n<svg/>', "<html/>", "", "GIF89a"])
def test_what_is_no_svg_is_found(text: str) -> None:
    assert judge_svg(text.encode()) is not None
