#!/usr/bin/env python3
"""Fan-out over WebSockets: venuebox's server against a bare epoll server, taking turns.

  bench/streams/fan_out.py [--clients 1000] [--seconds 2] [--rounds 5]

Prints one line of JSON for each number of books that change in a turn: a frame of about 200 bytes
per book and client, against frames of 205 bytes. The bare server and the
clients are those of ../shared/bench/ws (or $SHARED/bench/ws); without them there is nothing to
compare with, and the line says so. Servers run on core 0, clients on core 1; `ratio` is the bare
server's CPU time per frame over ours, the median of the rounds. $FAN_OUT is our server,
build/release/bench/fan_out by default.
"""
import argparse
import json
import os
import pathlib
import resource
import signal
import socket
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOALS = {1: 0.8, 16: 0.5}  # By frames per turn.


def build(sources, out):
    if not all((out / name).exists() for name in ("ws_raw", "ws_sub")):
        out.mkdir(parents=True, exist_ok=True)
        subprocess.run([sources / "build.sh", out.resolve()], check=True, stdout=sys.stderr)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_listening(server, port):
    # By the kernel's table: a connection would count as a client.
    local = f"0100007F:{port:04X}"
    while server.poll() is None:
        with open("/proc/net/tcp", encoding="ascii") as table:
            rows = [line.split() for line in table]
        if any(row[1] == local and row[3] == "0A" for row in rows):
            return
    sys.exit(f"fan_out: {server.args[3]} ended with {server.returncode} before it listened")


def measure(server_program, client_program, options, frames_per_turn):
    port = free_port()
    server = subprocess.Popen(
        ["taskset", "-c", "0", server_program, str(port), str(options.clients),
         str(options.seconds), str(frames_per_turn)])
    wait_until_listening(server, port)
    try:
        client = subprocess.run(
            ["taskset", "-c", "1", client_program, str(port), str(options.clients),
             str(options.seconds)], stdout=subprocess.PIPE, text=True, check=True)
    finally:
        os.kill(server.pid, signal.SIGTERM)  # Not terminate(), which might reap it.
        _, server.returncode, used = os.wait4(server.pid, 0)
    frames, seconds = map(float, client.stdout.split()[1:3])
    return {"frames_per_s": round(frames / seconds),
            "cpu_us_per_frame": round((used.ru_utime + used.ru_stime) / frames * 1e6, 4)}


def median_of(runs):
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--clients", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    sources = pathlib.Path(os.environ.get("SHARED", ROOT.parent / "shared")) / "bench" / "ws"
    if not sources.exists():
        print(json.dumps({"bench": "fan_out", "skipped": f"{sources} is not there"}))
        return
    out = ROOT / "build" / "bench_ws"
    build(sources, out)
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    ours = os.environ.get("FAN_OUT", ROOT / "build" / "release" / "bench" / "fan_out")
    for frames_per_turn, goal in GOALS.items():
        runs = {"bare": [], "ours": []}
        for _ in range(options.rounds):
            for name, program in (("bare", out / "ws_raw"), ("ours", ours)):
                runs[name].append(measure(program, out / "ws_sub", options, frames_per_turn))
        ratios = [round(bare["cpu_us_per_frame"] / own["cpu_us_per_frame"], 3)
                  for bare, own in zip(runs["bare"], runs["ours"])]
        print(json.dumps({"bench": "fan_out", "frames_per_turn": frames_per_turn,
                          "clients": options.clients, "ratio": round(statistics.median(ratios), 3),
                          "goal": goal, "ratios": ratios, "ours": median_of(runs["ours"]),
                          "bare": median_of(runs["bare"])}), flush=True)


if __name__ == "__main__":
    main()
