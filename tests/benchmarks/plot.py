"""Lines over a logarithmic axis as SVG, readable on light and dark pages. PURE."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log10
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 340
LEFT, RIGHT, TOP, BOTTOM = 64, 150, 44, 48

# Two palettes of the same hues; the page's own choice decides, and without one it is light.
_STYLE = """
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; font-size: 15px; }
  .grid { stroke: #8c959f; stroke-opacity: .35; }
  .goal { stroke: #57606a; stroke-dasharray: 5 4; }
  .s0 { stroke: #0550ae; fill: #0550ae; }
  .s1 { stroke: #bc4c00; fill: #bc4c00; }
  .s2 { stroke: #1a7f37; fill: #1a7f37; }
  path { fill: none !important; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .goal { stroke: #9198a1; }
    .s0 { stroke: #79c0ff; fill: #79c0ff; }
    .s1 { stroke: #ffa657; fill: #ffa657; }
    .s2 { stroke: #7ee787; fill: #7ee787; }
  }
"""


@dataclass(frozen=True)
class Line:
    """Points (x, y) from left to right, and the words at the end of the line."""

    name: str
    points: Sequence[tuple[float, float]]


def plot(
    title: str,
    lines: Sequence[Line],
    *,
    x_name: str,
    y_name: str,
    goals: Sequence[tuple[float, float]] = (),
) -> str:
    """The picture; `goals` are bounds of y at some x, drawn as dashes."""
    xs = [x for line in lines for x, _ in line.points] or [1.0, 10.0]
    ys = [y for line in lines for _, y in line.points] + [y for _, y in goals]
    scale = _Scale(min(xs), max(xs), _rounded_up(max(ys, default=1.0)))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(title)}"><style>{_STYLE}</style>',
        f'<text class="title" x="{LEFT}" y="24">{escape(title)}</text>',
        *_axes(scale, sorted(set(xs)), x_name, y_name),
    ]
    for x, y in goals:
        at, height = scale.x(x), scale.y(y)
        parts.append(
            f'<line class="goal" x1="{at - 16:.1f}" x2="{at + 16:.1f}" y1="{height:.1f}" '
            f'y2="{height:.1f}"/>'
        )
    parts += [part for place, line in enumerate(lines) for part in _drawn(line, place, scale)]
    return "\n".join([*parts, "</svg>\n"])


@dataclass(frozen=True)
class _Scale:
    least: float
    most: float
    top: float

    def x(self, value: float) -> float:
        span = log10(self.most / self.least) or 1.0
        return LEFT + (WIDTH - LEFT - RIGHT) * log10(value / self.least) / span

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / self.top


def _axes(scale: _Scale, xs: Sequence[float], x_name: str, y_name: str) -> Iterator[str]:
    end = WIDTH - RIGHT
    for step in range(5):
        value = scale.top * step / 4
        y = scale.y(value)
        yield f'<line class="grid" x1="{LEFT}" x2="{end}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{value:,.0f}</text>'
    for x in xs:
        yield (
            f'<text x="{scale.x(x):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">'
            f"{x:,.0f}</text>"
        )
    middle = (LEFT + end) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 8}" text-anchor="middle">{escape(x_name)}</text>'
    yield f'<text x="{end + 12}" y="{TOP - 18}">{escape(y_name)}</text>'


def _drawn(line: Line, place: int, scale: _Scale) -> Iterator[str]:
    dots = [(scale.x(x), scale.y(y)) for x, y in line.points]
    if not dots:
        return
    path = " L ".join(f"{x:.1f} {y:.1f}" for x, y in dots)
    yield f'<path class="s{place}" d="M {path}"/>'
    for x, y in dots:
        yield f'<circle class="s{place}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
    yield f'<text x="{dots[-1][0] + 10:.1f}" y="{dots[-1][1] + 4:.1f}">{escape(line.name)}</text>'


def _rounded_up(value: float) -> float:
    power = 10 ** int(log10(value)) if value >= 1 else 1
    steps = (1, 1.2, 1.6, 2, 3, 4, 6, 8, 10)
    return next(power * step for step in steps if power * step >= value)
