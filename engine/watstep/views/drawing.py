"""A sheet as an HTML page and as an SVG drawing, each one file that asks for nothing else."""

from __future__ import annotations

from html import escape

from watstep.views.sheet import Pane, Segment, Sheet

_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b08600", "#56b4e9")
"""Of the links in turn; told apart by people who see colours differently, and numbered."""

_TOKENS = {
    "k": "#7a3e9d", "kd": "#7a3e9d", "kt": "#00707a", "kr": "#a8324a", "nb": "#1f5fbf",
    "nf": "#a04b00", "na": "#57606a", "nv": "#1b6e3c", "m": "#00707a", "s": "#96480a",
    "c1": "#6a737d", "cm": "#6a737d", "p": "#57606a", "err": "#c00020",
}  # fmt: skip
_DARK_TOKENS = {
    "k": "#c9a0f0", "kd": "#c9a0f0", "kt": "#6cd0d8", "kr": "#ff8fa3", "nb": "#8ab8ff",
    "nf": "#ffb070", "na": "#a8b3bf", "nv": "#86d9a0", "m": "#6cd0d8", "s": "#f0b483",
    "c1": "#93a0ad", "cm": "#93a0ad", "p": "#a8b3bf", "err": "#ff7a8a",
}  # fmt: skip
"""By the short name of a token's type, on a light and on a dark ground."""

_LINE, _CHARACTER, _MARGIN, _GAP = 20, 8.4, 24, 72
"""Of the drawing, in pixels: a row, a character, the edge, and between the panes."""
_MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"

_PAGE_STYLE = (
    "body{margin:0;background:var(--ground);color:var(--text);font:14px/20px "
    + _MONO
    + "}main{display:flex;gap:24px;padding:16px;align-items:flex-start}"
    "section{flex:1 1 0;min-width:0;border:1px solid var(--edge);border-radius:6px;overflow:auto}"
    "h2{margin:0;padding:6px 12px;font:inherit;font-weight:600;"
    "border-bottom:1px solid var(--edge)}"
    "pre{margin:0;padding:8px 0;font:inherit;counter-reset:line;width:max-content;min-width:100%}"
    "pre>span{display:block;padding-right:12px;counter-increment:line}"
    "pre>span::before{content:counter(line);display:inline-block;width:4ch;"
    "margin-right:1.5ch;text-align:right;color:var(--dim)}"
    "[data-l]{border-bottom:2px solid var(--link);padding-bottom:1px;cursor:pointer}"
    "[data-l].lit{background:var(--lit)}"
    "p{margin:0;padding:0 16px 16px;min-height:60px;white-space:pre-wrap;color:var(--dim)}"
    "@media(max-width:900px){main{flex-direction:column}section{width:100%}}"
)
_SCRIPT = """
let held = null;
const words = (e) => e.dataset.l.split(" ");
const show = (number, scroll, from) => {
  for (const e of document.querySelectorAll("[data-l]"))
    e.classList.toggle("lit", number !== null && words(e).includes(number));
  const told = document.getElementById("told");
  told.textContent = number === null ? told.dataset.hint : notes[number];
  if (scroll) for (const pane of document.querySelectorAll("section")) {
    const lit = pane.querySelector(".lit");
    if (lit && !pane.contains(from)) lit.scrollIntoView({block: "nearest"});
  }
};
const of = (event) => event.target.closest("[data-l]");
document.addEventListener("mouseover", (event) => {
  const e = of(event);
  if (held === null) show(e ? words(e).at(-1) : null, false, e);
});
document.addEventListener("click", (event) => {
  const e = of(event);
  held = e ? words(e).at(-1) : null;
  show(held, true, e);
});
"""
_HINT = "Point at a form to see what it became; a click holds it."


def page(sheet: Sheet) -> str:
    """An HTML page: forms light up in both panes under the pointer, and a click holds them."""
    from json import dumps

    notes = dumps({str(link.number): "\n".join(link.told) for link in sheet.links})
    panes = "".join(_section(pane) for pane in (sheet.left, sheet.right))
    title = escape(f"{sheet.left.title} - {sheet.right.title}")
    # What a script holds ends at the first `</`, wherever that stands.
    script = f"const notes = {notes};{_SCRIPT}".replace("</", "<\\/")
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{title}</title>\n'
        f"<style>{_ground(':root')}{_PAGE_STYLE}{_link_style()}</style>\n</head>\n<body>\n"
        f'<main>\n{panes}</main>\n<p id="told" data-hint="{_HINT}">{_HINT}</p>\n'
        f"<script>{script}</script>\n</body>\n</html>\n"
    )


def drawing(sheet: Sheet) -> str:
    """An SVG drawing: each form that changed is numbered and joined to what it became."""
    left, right = sheet.left, sheet.right
    widths = [max([_width(row) for row in pane.rows], default=0) for pane in (left, right)]
    digits = [len(str(len(pane.rows))) + 2 for pane in (left, right)]
    first = _MARGIN
    second = first + (digits[0] + widths[0]) * _CHARACTER + _GAP
    width = second + (digits[1] + widths[1]) * _CHARACTER + _MARGIN
    height = (max(len(left.rows), len(right.rows)) + 1) * _LINE + 2 * _MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}">\n'
        f"<title>{escape(left.title)} - {escape(right.title)}</title>\n"
        f"<style>{_ground('svg')}text{{font:14px {_MONO};white-space:pre;fill:var(--text)}}"
        ".dim{fill:var(--dim)}.head{font-weight:600}.small{font-size:10px}</style>\n"
        '<rect width="100%" height="100%" fill="var(--ground)"/>\n'
    ]
    parts += _drawn(left, first, digits[0])
    parts += _drawn(right, second, digits[1])
    text = first + digits[0] * _CHARACTER
    ends = [text + _width(row) * _CHARACTER + 8 for row in left.rows]
    behind = list(ends)
    for link in sheet.links:
        behind[left.anchors[link.number]] += _room(link.number)
    for link in sheet.links:
        start, end = left.anchors[link.number], right.anchors[link.number]
        places = (behind[start], second - _GAP + 4, _middle(start), second - 4, _middle(end))
        parts.append(_joined(link.number, places))
        parts.append(_numbered(link.number, ends[start], _middle(start) + 4))
        # The next number of the row stands behind this one.
        ends[start] += _room(link.number)
    return "".join(parts) + "</svg>\n"


def _ground(root: str) -> str:
    """The colours of the ground and of tokens, light or dark as the reader has it."""
    light = "--ground:#fff;--text:#1f2328;--dim:#6a737d;--edge:#d0d7de;--lit:#fff3b8"
    dark = "--ground:#15181d;--text:#e3e6ea;--dim:#93a0ad;--edge:#3a414a;--lit:#5a4d16"
    return (
        f"{root}{{{light};{_variables(_TOKENS)}}}"
        f"@media(prefers-color-scheme:dark){{{root}{{{dark};{_variables(_DARK_TOKENS)}}}}}"
        + "".join(
            f".{kind}{{color:var(--{kind});fill:var(--{kind})!important}}" for kind in _TOKENS
        )
    )


def _variables(tokens: dict[str, str]) -> str:
    return ";".join(f"--{kind}:{colour}" for kind, colour in tokens.items())


def _link_style() -> str:
    return "".join(f".n{number}{{--link:{colour}}}" for number, colour in enumerate(_COLOURS))


def _colour(number: int) -> int:
    return (number - 1) % len(_COLOURS)


def _kind(segment: Segment) -> str:
    """The class of a token: its own, or that of the type above it."""
    name = segment.kind
    while name and name not in _TOKENS:
        name = name[:-1]
    return name


def _section(pane: Pane) -> str:
    rows = "".join(f"<span>{''.join(map(_marked, row)) or ' '}</span>" for row in pane.rows)
    return f"<section><h2>{escape(pane.title)}</h2><pre>{rows}</pre></section>\n"


def _marked(segment: Segment) -> str:
    classes = [_kind(segment)] if _kind(segment) else []
    links = ""
    if segment.links:
        classes.append(f"n{_colour(segment.links[-1])}")
        links = f' data-l="{" ".join(map(str, segment.links))}"'
    if not classes:
        return escape(segment.text)
    return f'<span class="{" ".join(classes)}"{links}>{escape(segment.text)}</span>'


def _width(row: tuple[Segment, ...]) -> int:
    return sum(len(segment.text) for segment in row)


def _middle(row: int) -> float:
    return _MARGIN + (row + 1.5) * _LINE


def _drawn(pane: Pane, x: float, digits: int) -> list[str]:
    """A pane's heading and rows, each with its number; linked characters are underlined."""
    parts = [f'<text class="head" x="{x:.1f}" y="{_MARGIN + 14}">{escape(pane.title)}</text>\n']
    for number, row in enumerate(pane.rows):
        y = _MARGIN + (number + 1) * _LINE + 14
        parts.append(f'<text class="dim" x="{x:.1f}" y="{y}">{number + 1:>{digits - 2}}</text>')
        at = x + digits * _CHARACTER
        words = []
        for segment in row:
            size = len(segment.text) * _CHARACTER
            kind = f' class="{_kind(segment)}"' if _kind(segment) else ""
            words.append(f"<tspan{kind}>{escape(segment.text)}</tspan>")
            if segment.links:
                colour = _COLOURS[_colour(segment.links[-1])]
                parts.append(
                    f'<path d="M{at:.1f} {y + 5}h{size:.1f}" stroke="{colour}" stroke-width="2"/>'
                )
            at += size
        length = _width(row) * _CHARACTER
        fitted = f' textLength="{length:.1f}"' if row else ""
        start = x + digits * _CHARACTER
        parts.append(f'<text x="{start:.1f}" y="{y}"{fitted}>{"".join(words)}</text>\n')
    return parts


def _room(number: int) -> float:
    """The width of a link's number."""
    return 7 * len(str(number)) + 3


def _numbered(number: int, x: float, y: float) -> str:
    colour = _COLOURS[_colour(number)]
    return f'<text class="small" x="{x:.1f}" y="{y}" style="fill:{colour}">{number}</text>\n'


def _joined(number: int, places: tuple[float, float, float, float, float]) -> str:
    """A line from behind a form to what it became, curved between the panes."""
    x, edge, y, to_x, to_y = places
    edge = max(edge, x)
    half = (edge + to_x) / 2
    return (
        f'<g fill="none" stroke="{_COLOURS[_colour(number)]}" stroke-width="1.5">'
        f'<path d="M{x:.1f} {y}H{edge:.1f}" stroke-opacity=".35"/>'
        f'<path d="M{edge:.1f} {y}C{half:.1f} {y} {half:.1f} {to_y} {to_x:.1f} {to_y}"/></g>'
    )
