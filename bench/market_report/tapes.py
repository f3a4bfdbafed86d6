"""A market as it was seen: the book four times a second, and its trades; recorded or simulated."""
import csv
import gzip
import json
import subprocess

POINTS = [0.5, 1.0, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0]  # as in bench/market_csv.cpp
STEP = 0.25  # seconds between two looks at the book


class Tape:
    """books: (seconds, bid, ask, quote at the best prices, quote within each of POINTS), sides
    averaged. orders: (seconds, price, quote, 1 bought or -1 sold), one for all that one taker's order
    traded at one moment."""

    def __init__(self, name):
        self.name = name
        self.books = []
        self.orders = []
        self.trades = 0

    def add_trade(self, time, price, quantity, side):
        self.trades += 1
        if self.orders and self.orders[-1][0] == time and self.orders[-1][3] == side:
            _, _, quote, _ = self.orders[-1]
            self.orders[-1] = (time, price, quote + price * quantity, side)
        else:
            self.orders.append((time, price, price * quantity, side))

    def length(self):
        return self.books[-1][0] - self.books[0][0]


def look(bids, asks, time):
    """The row of Tape.books for two maps of price to quantity."""
    bid, ask = max(bids), min(asks)
    middle = (bid + ask) / 2
    row = [time, bid, ask, (bids[bid] * bid + asks[ask] * ask) / 2]
    reach = middle * POINTS[-1] * 1e-4
    near = [(abs(price - middle), price * quantity)
            for side in (bids, asks) for price, quantity in side.items()
            if abs(price - middle) <= reach]
    for points in POINTS:
        row.append(sum(quote for away, quote in near if away <= middle * points * 1e-4) / 2)
    return row


def recorded(path, name):
    """A raw capture of Binance USD-M streams (../shared/data/market/README.md), in exchange time."""
    tape = Tape(name)
    bids, asks, last_id, due, start = {}, {}, None, None, None
    with gzip.open(path, "rt") as lines:
        for line in lines:
            message = json.loads(line.partition(" ")[2])
            data = message.get("data", message)
            if "lastUpdateId" in data:
                bids = {float(p): float(q) for p, q in data["bids"]}
                asks = {float(p): float(q) for p, q in data["asks"]}
                last_id = data["lastUpdateId"]
            elif data.get("e") == "trade":
                start = start or data["T"]
                tape.add_trade((data["T"] - start) / 1e3, float(data["p"]), float(data["q"]),
                               -1 if data["m"] else 1)
            elif data.get("e") == "depthUpdate" and last_id and data["u"] > last_id:
                for levels, changes in ((bids, data["b"]), (asks, data["a"])):
                    for price, quantity in changes:
                        if float(quantity) == 0:
                            levels.pop(float(price), None)
                        else:
                            levels[float(price)] = float(quantity)
                start = start or data["T"]
                time = (data["T"] - start) / 1e3
                if due is None or time >= due:
                    tape.books.append(look(bids, asks, time))
                    due = time + STEP
    return tape


def rows_of(program, *arguments):
    text = subprocess.run([program, *map(str, arguments)], check=True, capture_output=True, text=True)
    return csv.reader(text.stdout.splitlines())


def simulated(program, seed, base, seconds, name):
    tape = Tape(name)
    for row in rows_of(program, "tape", seed, base, seconds):
        if row[0] == "book":
            tape.books.append([float(value) for value in row[1:]])
        else:
            tape.add_trade(float(row[1]), float(row[2]), float(row[3]), int(row[4]))
    return tape
