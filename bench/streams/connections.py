#!/usr/bin/env python3
"""What ten thousand subscribed connections cost a server in memory.

  bench/streams/connections.py [--connections 10000] [--server build/release/venuebox]

Two client processes open half of them each and subscribe to Bybit's order book; the line of JSON
comes once every client has its snapshot. `rss_mib` is the server's resident memory then, and again
after a second of updates, with `idle_rss_mib` from before the first client.
"""
import argparse
import json
import os
import pathlib
import resource
import signal
import socket
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
REQUEST = (b"GET /bybit/v5/public/linear HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
           b"Connection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
           b"Sec-WebSocket-Version: 13\r\n\r\n")
TOPIC = b'{"op":"subscribe","args":["orderbook.50.BTCUSDT"]}'
# A masked text frame, whose mask of zeros changes nothing.
SUBSCRIBE = bytes([0x81, 0x80 | len(TOPIC), 0, 0, 0, 0]) + TOPIC
GOAL_MIB = 300


def rss_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def raise_limit():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def client(port, count):
    """Connects, waits for every snapshot, says so, and reads on until it is ended."""
    raise_limit()
    sockets = []
    for _ in range(count):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(REQUEST)
        connection.sendall(SUBSCRIBE)
        sockets.append(connection)
    for connection in sockets:
        seen = b""
        while b'"type":"snapshot"' not in seen:
            piece = connection.recv(65536)
            if not piece:
                sys.exit("connections: the server closed a connection")
            seen = seen[-64:] + piece
    print("subscribed", flush=True)
    sys.stdin.readline()
    for connection in sockets:
        connection.recv(65536)
    print("read", flush=True)
    sys.stdin.readline()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--connections", type=int, default=10_000)
    parser.add_argument("--server", default=ROOT / "build" / "release" / "venuebox")
    parser.add_argument("--client", type=int, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.client:
        client(*options.client)
        return
    server = subprocess.Popen(
        [options.server, "serve", "--listen", "127.0.0.1:0", "--store", "memory", "--ready-json"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    port = json.loads(server.stdout.readline())["url"].rsplit(":", 1)[1]
    idle = rss_mib(server.pid)
    clients = [
        subprocess.Popen([sys.executable, __file__, "--client", port,
                          str(options.connections // 2)],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    figures = []
    for expected in ("subscribed", "read"):
        for each in clients:
            if each.stdout.readline().strip() != expected:
                sys.exit(f"connections: a client ended before it was {expected}")
        figures.append(round(rss_mib(server.pid), 1))
        for each in clients:
            each.stdin.write("\n")
            each.stdin.flush()
    for each in clients:
        each.wait()
    os.kill(server.pid, signal.SIGTERM)
    server.wait()
    print(json.dumps({"bench": "connections", "connections": options.connections,
                      "idle_rss_mib": round(idle, 1), "rss_mib": figures, "goal_mib": GOAL_MIB}))


if __name__ == "__main__":
    main()
