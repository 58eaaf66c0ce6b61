"""Names made from content."""

from build_scripts.web.assets import name_asset


def test_name_holds_eight_digits_of_the_contents_hash() -> None:
    asset = name_asset("assets/lib/x.js", b"abc")
    assert asset.path == "assets/lib/x.ba7816bf.js"
    assert asset.content == b"abc"


def test_other_content_has_another_name() -> None:
    assert name_asset("x.css", b"a").path != name_asset("x.css", b"b").path
