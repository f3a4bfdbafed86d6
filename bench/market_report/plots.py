"""Line charts as SVG files."""
import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 760, 340
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 40, 50
COLOURS = ["#1f5fa8", "#c4512d", "#2f8f5b", "#8a5fb0", "#77736a"]


class Axis:
    """From values to places between two ends, linear or logarithmic."""

    def __init__(self, values, begin, end, logarithmic):
        self.logarithmic = logarithmic
        low, high = min(values), max(values)
        if high == low:
            high = low + 1
        self.low, self.high = self._scaled(low), self._scaled(high)
        self.begin, self.end = begin, end

    def _scaled(self, value):
        return math.log10(value) if self.logarithmic else value

    def place(self, value):
        part = (self._scaled(value) - self.low) / (self.high - self.low)
        return self.begin + part * (self.end - self.begin)

    def ticks(self):
        if self.logarithmic:
            return [10.0**n for n in range(math.ceil(self.low), math.floor(self.high) + 1)]
        step = 10.0 ** math.floor(math.log10((self.high - self.low) / 4))
        step *= next(n for n in (1, 2, 5, 10) if (self.high - self.low) / (step * n) <= 6)
        first = math.ceil(self.low / step)
        return [n * step for n in range(first, math.floor(self.high / step) + 1)]


def label_of(value):
    return f"{value:,.10g}" if abs(value) < 1e-9 or abs(value) >= 1e-3 else f"{value:.0e}"


def chart(path, title, across, upwards, series, log_x=False, log_y=False, bands=()):
    """series: (name, xs, ys); bands: (begin, end, colour) on the x axis, behind everything. What a
    logarithm does not have is left out."""
    kept = []
    for name, xs, ys in series:
        points = [(x, y) for x, y in zip(xs, ys) if (x > 0 or not log_x) and (y > 0 or not log_y)]
        kept.append((name, points))
    x_axis = Axis([x for _, points in kept for x, _ in points], LEFT, WIDTH - RIGHT, log_x)
    y_axis = Axis([y for _, points in kept for _, y in points], HEIGHT - BOTTOM, TOP, log_y)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="12">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
           f'<text x="{LEFT}" y="16" font-weight="bold">{escape(title)}</text>']
    for begin, end, colour in bands:
        left, right = x_axis.place(begin), x_axis.place(end)
        out.append(f'<rect x="{left:.1f}" y="{TOP}" width="{max(0.7, right - left):.1f}" '
                   f'height="{HEIGHT - TOP - BOTTOM}" fill="{colour}"/>')
    for value in x_axis.ticks():
        x = x_axis.place(value)
        out.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e4e2dd" fill="none"/>')
        out.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">'
                   f'{label_of(value)}</text>')
    for value in y_axis.ticks():
        y = y_axis.place(value)
        out.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#e4e2dd" fill="none"/>')
        out.append(f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{label_of(value)}</text>')
    for n, (name, points) in enumerate(kept):
        colour = COLOURS[n % len(COLOURS)]
        path_text = " ".join(f"{x_axis.place(x):.1f},{y_axis.place(y):.1f}" for x, y in points)
        out.append(f'<polyline points="{path_text}" fill="none" stroke="{colour}" '
                   'stroke-width="1.4"/>')
        out.append(f'<text x="{LEFT + 8 + n * 165}" y="{TOP - 8}" fill="{colour}">'
                   f'{escape(name)}</text>')
    out.append(f'<text x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 12}" text-anchor="middle">'
               f'{escape(across)}</text>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    out.append(f'<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle">'
               f'{escape(upwards)}</text>')
    out.append("</svg>\n")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(out))
