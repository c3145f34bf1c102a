"""`watstep expand` in its views and forms: texts, source maps, pages and drawings."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.process import no_ide
from tests.engine.test_views import ALL, GOLDEN
from tests.support import CASES, EXAMPLES
from watstep.cli.main import main
from watstep.host.catalog import INTERFACE
from watstep.pipeline import compile_source
from watstep.source.text import Source
from watstep.views.drawing import drawing, page
from watstep.views.kinds import VIEWS, rendering
from watstep.views.sheet import sheet

FETCH = str(EXAMPLES / "fetch.wat")
PIECE = {"start", "end", "copied", "rule", "form", "through"}
SVG = "{http://www.w3.org/2000/svg}"


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What `watstep expand` prints of a program without problems."""
    assert main(["expand", *arguments], no_ide) == 0
    found = capsys.readouterr()
    assert "error" not in found.err
    return found.out


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_views_are_printed(capsys: pytest.CaptureFixture[str], path: Path) -> None:
    """`--level 0`, `--flat` and `--interleaved` are the views of the golden files."""
    for options, suffix in (
        (("--level", "0"), ".level"),
        (("--flat",), ".flat"),
        (("--interleaved",), ".interleaved"),
    ):
        wanted = path.with_suffix(suffix).read_text("utf-8")
        assert printed(capsys, str(path), *options) == wanted


def test_levels_open_deeper(capsys: pytest.CaptureFixture[str]) -> None:
    """One level leaves the `check` of an `argv`, two leave nothing; `--open` does so for a line."""
    full = printed(capsys, FETCH)
    once, twice = (printed(capsys, FETCH, "--level", level) for level in "12")
    assert "(check $url_ptr.err)" in once
    assert "(argv" not in once
    assert "(check $body_err)" not in once
    assert twice == full
    line = ("--open", "11")
    assert "(check $url_ptr.err)" in printed(capsys, FETCH, *line)
    deeper = printed(capsys, FETCH, *line, *line)
    assert "(check $url_ptr.err)" not in deeper
    assert "(check $body_err)" in deeper
    assert '"fetched the URL successfully"' in deeper


def test_source_map(capsys: pytest.CaptureFixture[str]) -> None:
    """Each piece says where it is, and what it was copied from or what made it."""
    answer = json.loads(printed(capsys, FETCH, "--map"))
    source = Path(FETCH).read_text("utf-8")
    assert (answer["format"], answer["view"]) == (1, "full")
    text, at = answer["text"], 0
    for piece in answer["pieces"]:
        assert set(piece) == PIECE
        assert piece["start"] == at
        at = piece["end"]
        if piece["copied"]:
            assert source[slice(*piece["copied"])] == text[piece["start"] : at]
    assert at == len(text)
    (made,) = [
        p for p in answer["pieces"] if text[p["start"] :].startswith("(if (i32.ne (local.get $u")
    ]
    assert made["through"] == ["argv", "check"]
    assert (made["form"]["line"], made["form"]["column"]) == (11, 1)
    (value,) = answer["texts"]
    assert (value["address"], value["length"]) == (16, 28)
    assert value["users"][0]["line"] == 17
    assert [call["text"] for call in answer["macros"]][:2] == [
        "argv 0 $url_ptr",
        "check $url_ptr.err",
    ]
    flat = json.loads(printed(capsys, FETCH, "--flat", "--map"))
    assert flat["view"] == "flat"


class Reader(HTMLParser):
    """The rows of the panes of a page, and whatever it would ask for."""

    def __init__(self, text: str) -> None:
        """Read it all."""
        super().__init__()
        self.panes: list[str] = []
        self.asked: list[str] = []
        self.inside = self.depth = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Panes are `pre`, rows the spans directly in them."""
        self.asked += [name for name, _ in attrs if name in {"src", "href", "srcset"}]
        if tag == "pre":
            self.panes.append("")
            self.inside, self.depth = 1, 0
        elif tag == "span":
            self.depth += 1

    def handle_endtag(self, tag: str) -> None:
        """A row ends where its span does."""
        if tag == "pre":
            self.inside = 0
        elif tag == "span":
            self.depth -= 1
            if self.inside and self.depth == 0:
                self.panes[-1] += "\n"

    def handle_data(self, data: str) -> None:
        """What stands in a pane."""
        if self.inside:
            self.panes[-1] += data


def lines_of(text: str) -> list[str]:
    """The lines of a text as a pane shows them, ends left out."""
    return [line.rstrip() for line in text.split("\n")]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
def test_pages_and_drawings(path: Path) -> None:
    """Of every program, in every view: both texts, well formed, and nothing is asked for."""
    source = Source("<&>.wat", path.read_bytes().decode("utf-8", "replace"))
    found = compile_source(source, INTERFACE)
    for view in VIEWS:
        shown = rendering(found, view)
        both = sheet(found.expansion, shown, "expanded")
        rows = ["".join(segment.text for segment in row) for row in both.right.rows]
        reader = Reader(page(both))
        assert reader.asked == []
        assert len(reader.panes) == 2
        assert lines_of(reader.panes[1]) == [*(row.rstrip() for row in rows), ""]
        tree = ElementTree.fromstring(drawing(both))
        assert tree.tag == f"{SVG}svg"
        drawn = ["".join(text.itertext()) for text in tree.iter(f"{SVG}text")]
        for row in rows:
            assert row in drawn
        for link in both.links:
            assert both.left.anchors[link.number] < max(len(both.left.rows), 1)
            assert both.right.anchors[link.number] < len(both.right.rows)


def test_a_page_and_a_drawing_are_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """To a file or to standard output; nothing is loaded from anywhere."""
    target = tmp_path / "fetch.html"
    assert printed(capsys, FETCH, "--html", str(target)) == ""
    text = target.read_text("utf-8")
    assert text == printed(capsys, FETCH, "--html", "-")
    assert not re.search(r"(?:src|href|url\(|@import)", text)
    assert 'data-l="' in text
    assert printed(capsys, FETCH, "--svg", "-").startswith("<svg ")


@pytest.mark.parametrize(
    "arguments",
    [
        ("--flat", "--interleaved"),
        ("--pass", "macros", "--level", "1"),
        ("--map", "--svg", "-"),
        ("--level", "-1"),
        ("--open", "0"),
        ("--open", "1"),
        ("--open", "999"),
        ("--html", "/nowhere/at/all.html"),
    ],
)
def test_what_makes_no_sense_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    """In one line that names the options, with nothing on standard output."""
    assert main(["expand", FETCH, *arguments], no_ide) == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert found.err.count("\n") == 1


def test_a_program_with_errors_has_no_flat_form(capsys: pytest.CaptureFixture[str]) -> None:
    """The problems are told as by `check`."""
    wrong = str(CASES / "errors" / "missing_answer.wat")
    assert main(["expand", wrong, "--flat"], no_ide) == 2
    found = capsys.readouterr()
    assert found.out == ""
    assert "error[" in found.err
