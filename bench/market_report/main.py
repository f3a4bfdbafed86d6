"""Writes docs/market.md and its plots: script/market-report."""
import math
import os
import statistics
import sys

from figures import depth, gaps, middles, response, spreads, table
from plots import chart
from tapes import POINTS, recorded, rows_of, simulated

SEED = 1
SECONDS = 3_600       # of each simulated tape
DAYS = 3              # of fair prices
IMPACT_ORDERS = 30
IMPACT_NOTIONAL = 2_000_000
RECORDINGS = {"BTC": "binance-usdm-btcusdt-20240808.raw.gz",
              "ETH": "binance-usdm-ethusdt-20240808.raw.gz"}
LARGE = {"BTC": 100_000, "ETH": 30_000}  # quote, of orders whose response is plotted
REGIMES = ["calm", "normal", "wild", "crash"]
SHADES = ["#eef4ee", None, "#f6e8d0", "#e9a9a0"]


def plot_days(program, folder):
    """Returns the table of regimes."""
    rows = list(rows_of(program, "fair", SEED, DAYS * 1_440))
    hours = [int(row[1]) / 60 for row in rows]
    regimes = [int(row[2]) for row in rows]
    bands, begin = [], 0
    for i in range(1, len(rows) + 1):
        if i == len(rows) or regimes[i] != regimes[begin]:
            if SHADES[regimes[begin]]:
                bands.append((hours[begin], hours[min(i, len(rows) - 1)], SHADES[regimes[begin]]))
            begin = i
    series = []
    for column, base in enumerate(["BTC", "ETH", "SOL", "XRP"], start=3):
        first = float(rows[0][column])
        series.append((base, hours[::5],
                       [100 * (float(row[column]) / first - 1) for row in rows[::5]]))
    chart(f"{folder}/days.svg", "Fair prices of three days; green calm, sand wild, red crash", "hours",
          "% since the start", series, bands=bands)
    lines = ["| regime | part of the time | volatility of a year, BTC |", "|---|---|---|"]
    for number, name in enumerate(REGIMES):
        moves = [float(b[3]) / float(a[3]) - 1 for a, b in zip(rows, rows[1:])
                 if int(a[2]) == number and int(b[2]) == number]
        if moves:
            year = math.sqrt(statistics.fmean(m * m for m in moves) * 525_600)
            lines.append(f"| {name} | {regimes.count(number) / len(rows):.1%} | {year:.0%} |")
    return "\n".join(lines)


def share_above(values):
    """Points (x, part of the values above it), thinned to a few hundred."""
    ordered = sorted(values)
    step = max(1, len(ordered) // 300)
    picked = range(0, len(ordered), step)
    return [ordered[i] for i in picked], [1 - i / len(ordered) for i in picked]


def plot_tapes(tapes, folder):
    minutes = 340
    chart(f"{folder}/price.svg", "Price, middle of the book", "seconds", "bp since the start",
          [(tape.name, range(len(prices)), [1e4 * (price / prices[0] - 1) for price in prices])
           for tape in tapes for prices in [middles(tape, 1)[:minutes]]])
    chart(f"{folder}/spread.svg", "Spread", "bp", "part of the time above it",
          [(tape.name, *share_above(spreads(tape))) for tape in tapes], log_x=True, log_y=True)
    chart(f"{folder}/depth.svg", "Depth of one side, median", "bp from the middle",
          "thousand quote within", [(tape.name, POINTS, [value / 1e3 for value in depth(tape)[1:]])
                                    for tape in tapes], log_y=True)
    independent = [-math.log(1 - i / 300) * statistics.fmean(gaps(tapes[0])) for i in range(300)]
    chart(f"{folder}/gaps.svg", "Time between takers' orders", "seconds", "part that is longer",
          [(tape.name, *share_above(gaps(tape))) for tape in tapes]
          + [("independent ones", independent, [1 - i / 300 for i in range(300)])],
          log_x=True, log_y=True)
    delays = [0.25, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30]
    chart(f"{folder}/response.svg", "Where the price went after a large order of anybody's",
          "seconds after it", "bp in its direction",
          [(tape.name, delays, response(tape, delays, LARGE[tape.name[-3:]])) for tape in tapes])


def plot_impact(program, folder):
    """Returns basis points at once, and after 10, 60 and 300 seconds."""
    series, found = [], {}
    for share in (1, 4):
        sums = {}
        notional = IMPACT_NOTIONAL * share // 4
        for row in rows_of(program, "impact", SEED, "BTC", IMPACT_ORDERS, notional):
            sums.setdefault(float(row[2]), []).append(float(row[3]))
        times = sorted(sums)
        found[notional] = {time: statistics.fmean(sums[time]) for time in times}
        series.append((f"{notional:,} USDT", times, [found[notional][time] for time in times]))
    chart(f"{folder}/impact.svg", "What a user's market order does to BTCUSDT, against no order",
          "seconds after it", "bp in its direction", series)
    lines = ["| order | at once | 1 s | 10 s | 60 s | 300 s |", "|---|---|---|---|---|---|"]
    for notional, away in found.items():
        cells = " | ".join(f"{away[time]:.2f}" for time in (0.0, 1.0, 10.0, 60.0, 300.0))
        lines.append(f"| {notional:,} USDT | {cells} |")
    return "\n".join(lines)


def figures_table(tapes):
    columns = [table(tape) for tape in tapes]
    lines = ["| | " + " | ".join(tape.name for tape in tapes) + " |", "|---|" + "---|" * len(tapes)]
    for rows in zip(*columns):
        lines.append(f"| {rows[0][0]} | " + " | ".join(text for _, text in rows) + " |")
    return "\n".join(lines)


def main():
    if len(sys.argv) != 4:
        sys.exit("usage: main.py MARKET_CSV RECORDINGS_FOLDER DOCS_FOLDER")
    program, recordings, docs = sys.argv[1:]
    folder = os.path.join(docs, "market")
    os.makedirs(folder, exist_ok=True)
    tapes = []
    for base, file in RECORDINGS.items():
        tapes.append(recorded(os.path.join(recordings, file), f"recorded {base}"))
        tapes.append(simulated(program, SEED, base, SECONDS, f"simulated {base}"))
    plot_tapes(tapes, folder)
    with open(os.path.join(os.path.dirname(__file__), "page.md"), encoding="utf-8") as template:
        text = template.read()
    text = text.replace("{figures}", figures_table(tapes))
    text = text.replace("{regimes}", plot_days(program, folder))
    text = text.replace("{impact}", plot_impact(program, folder))
    with open(os.path.join(docs, "market.md"), "w", encoding="utf-8") as page:
        page.write(text)


main()
