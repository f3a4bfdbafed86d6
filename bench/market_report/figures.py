"""Statistics of a tape."""
import bisect
import math
import statistics

from tapes import POINTS

YEAR = 365 * 86_400


def correlation_with_later(values, lag):
    mean = statistics.fmean(values)
    total = sum((value - mean) ** 2 for value in values)
    if total == 0:
        return 0.0
    return sum((a - mean) * (b - mean) for a, b in zip(values, values[lag:])) / total


def spreads(tape):
    return [(ask - bid) / (ask + bid) * 2e4 for _, bid, ask, *_ in tape.books]


def depth(tape):
    """Median quote at the best price, and within each of POINTS, of one side."""
    return [statistics.median(row[3 + i] for row in tape.books) for i in range(1 + len(POINTS))]


def gaps(tape):
    """Seconds between two takers' orders."""
    return [b[0] - a[0] for a, b in zip(tape.orders, tape.orders[1:])]


def middles(tape, every):
    times = [row[0] for row in tape.books]
    result, time = [], times[0]
    while time <= times[-1]:
        row = tape.books[bisect.bisect_right(times, time) - 1]
        result.append((row[1] + row[2]) / 2)
        time += every
    return result


def returns(tape, every):
    prices = middles(tape, every)
    return [b / a - 1 for a, b in zip(prices, prices[1:])]


def volatility(tape, every):
    """Of a year, from returns over so many seconds."""
    moves = returns(tape, every)
    return math.sqrt(statistics.fmean(move * move for move in moves) * YEAR / every)


def kurtosis(tape, every):
    moves = returns(tape, every)
    square = statistics.fmean(move**2 for move in moves)
    return statistics.fmean(move**4 for move in moves) / square**2


def response(tape, delays, least):
    """Basis points that the price went in an order's direction, so many seconds after it, of orders of
    at least `least` quote; the price before it is that of the last look at the book."""
    times = [row[0] for row in tape.books]
    sums, count = [0.0] * len(delays), 0
    for time, _, quote, side in tape.orders:
        before = bisect.bisect_left(times, time) - 1
        if quote < least or before < 0 or time + delays[-1] > times[-1]:
            continue
        count += 1
        start = tape.books[before][1] + tape.books[before][2]
        for i, delay in enumerate(delays):
            row = tape.books[max(before, bisect.bisect_right(times, time + delay) - 1)]
            sums[i] += side * ((row[1] + row[2]) / start - 1) * 1e4
    return [value / max(1, count) for value in sums]


def table(tape):
    """(what, text) rows, the same for every tape."""
    spread, shown, waits = sorted(spreads(tape)), depth(tape), gaps(tape)
    sizes = sorted(order[2] for order in tape.orders)
    sides = [order[3] for order in tape.orders]
    seconds = [abs(move) for move in returns(tape, 1)]
    counts = [0] * (int(tape.orders[-1][0]) + 1)
    for order in tape.orders:
        counts[int(order[0])] += 1
    within = dict(zip(POINTS, shown[1:]))
    return [
        ("length, s", f"{tape.length():,.0f}"),
        ("spread, median, bp", f"{statistics.median(spread):.3f}"),
        ("spread, mean, bp", f"{statistics.fmean(spread):.3f}"),
        ("spread, 99 %, bp", f"{spread[int(0.99 * len(spread))]:.3f}"),
        ("at the best price, thousand", f"{shown[0] / 1e3:,.0f}"),
        ("within 1 bp, thousand", f"{within[1] / 1e3:,.0f}"),
        ("within 5 bp, thousand", f"{within[5] / 1e3:,.0f}"),
        ("within 10 bp, thousand", f"{within[10] / 1e3:,.0f}"),
        ("trades per second", f"{tape.trades / tape.length():.1f}"),
        ("takers' orders per second", f"{len(tape.orders) / tape.length():.1f}"),
        ("time between orders, median, ms", f"{statistics.median(waits) * 1e3:.0f}"),
        ("time between orders, coefficient of variation",
         f"{statistics.pstdev(waits) / statistics.fmean(waits):.2f}"),
        ("orders in a second, correlation with the next second",
         f"{correlation_with_later(counts, 1):.2f}"),
        ("order size, median", f"{statistics.median(sizes):,.0f}"),
        ("order size, mean", f"{statistics.fmean(sizes):,.0f}"),
        ("order size, 99 %", f"{sizes[int(0.99 * len(sizes))]:,.0f}"),
        ("side of an order, correlation with the next", f"{correlation_with_later(sides, 1):.2f}"),
        ("side of an order, correlation with the tenth", f"{correlation_with_later(sides, 10):.2f}"),
        ("volatility of a year, from 1 s", f"{volatility(tape, 1):.0%}"),
        ("volatility of a year, from 5 s", f"{volatility(tape, 5):.0%}"),
        ("returns of 1 s, kurtosis", f"{kurtosis(tape, 1):.1f}"),
        ("returns of 1 s that are 0", f"{sum(s == 0 for s in seconds) / len(seconds):.0%}"),
        ("absolute returns of 1 s, correlation with the next",
         f"{correlation_with_later(seconds, 1):.2f}"),
        ("absolute returns of 1 s, correlation with the fifth",
         f"{correlation_with_later(seconds, 5):.2f}"),
    ]
