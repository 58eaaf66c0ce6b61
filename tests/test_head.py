"""The head of a page: escaped, and silent about what the city has not configured."""

from build_scripts.records.city import City, Identity, unnamed_city
from build_scripts.web.head import PageInfo, render_head

CITY = unnamed_city()
ARTICLE = PageInfo('甲"<b>&', '说明">', "areas/x/", column="示范片", date="2026-01-02", article=True)


def test_texts_are_escaped() -> None:
    """Quotes and markup of a record's name stay inside their attributes."""
    head = render_head(ARTICLE, CITY, "")
    assert "<title>甲&quot;&lt;b&gt;&amp; - " in head
    assert 'content="说明&quot;&gt;"' in head
    assert "<b>" not in head


def test_a_content_page_carries_the_public_sites_tags() -> None:
    """Title, publish date and column stand under the names that inspectors look for."""
    head = render_head(ARTICLE, CITY, "")
    assert '<meta name="PubDate" content="2026-01-02 00:00">' in head
    assert '<meta name="ColumnName" content="示范片">' in head
    assert 'name="ArticleTitle"' in head


def test_what_is_absent_prints_nothing() -> None:
    """Without a public address there is no canonical link, without a site code no such tag."""
    assert "canonical" not in render_head(ARTICLE, CITY, "")
    assert "SiteIDCode" not in render_head(ARTICLE, CITY, "")
    coded: City = CITY.model_copy(update={"identity": Identity(site_code="3302000001")})
    head = render_head(ARTICLE, coded, "https://example.org/belts/")
    assert '<link rel="canonical" href="https://example.org/belts/areas/x/">' in head
    assert 'content="3302000001"' in head


def test_whole_addresses_stand_where_the_site_knows_its_own() -> None:
    """Under a path of a portal too; the domain is named without scheme, port or path."""
    head = render_head(ARTICLE, CITY, "https://example.org:8443/portal/belts/")
    assert '<meta property="og:image" content="https://example.org:8443/portal/belts/preview.png">' in head
    assert '<meta name="SiteDomain" content="example.org">' in head
    assert '<meta name="Url" content="https://example.org:8443/portal/belts/areas/x/">' in head
    assert "og:image" not in render_head(ARTICLE, CITY, "")


def test_a_list_page_describes_its_column() -> None:
    """Name, description, keywords and type of the column; nothing that belongs to an article."""
    head = render_head(PageInfo("示范片", "若干片区。", "areas/", column="示范片"), CITY, "")
    for name in ("ColumnName", "ColumnDescription", "ColumnKeywords", "ColumnType"):
        assert f'name="{name}"' in head
    assert "ArticleTitle" not in head
    assert "PubDate" not in head


def test_the_author_is_the_organiser_or_nobody() -> None:
    """No author is invented."""
    named: City = CITY.model_copy(update={"identity": Identity(organiser="某某单位")})
    assert '<meta name="Author" content="某某单位">' in render_head(ARTICLE, named, "")
    assert "Author" not in render_head(ARTICLE, CITY, "")
