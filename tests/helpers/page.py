"""A page of the report, read as text."""

from html.parser import HTMLParser

from steps.report.templating import PAGES


class Page(HTMLParser):
    """What a page shows, and what it would load.

    Attributes:
        loaded: Tags that load or lead to something elsewhere.
        text: All of its text.
        rows: The cells of each row of a table, by the id of the row.
    """

    LOADING_TAGS = frozenset(
        ["link", "img", "iframe", "object", "embed", "base", "audio"]
    )
    LOADING_ATTRIBUTES = frozenset(["src", "srcset", "xlink:href", "action", "data"])

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.text = ""
        self.rows: dict[str, list[str]] = {}
        self._cells: list[str] = []
        self._is_hidden = False
        self._is_in_cell = False
        self.feed(html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._is_hidden = tag in ("script", "style")
        if tag == "tr":
            self._cells = self.rows.setdefault(given.get("id") or "", [])
        if tag in ("td", "th"):
            self._cells.append("")
            self._is_in_cell = True
        href = given.get("href", "#")
        leads_away = not href.startswith("#") and href not in PAGES
        if leads_away or tag in self.LOADING_TAGS or self.LOADING_ATTRIBUTES & {*given}:
            self.loaded.append(self.get_starttag_text())

    def handle_data(self, data: str) -> None:
        if self._is_hidden:
            return
        self.text += data
        if self._is_in_cell:
            self._cells[-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self._is_in_cell = False
        self._is_hidden = False
