"""Measures bench_server beside a null server that sends answers of the same size, the template engine beside C++ that
appends by hand, and what a small source costs to compile.

The server has one core, the load generator another. wrk's core is full before a good server's is, so requests per
second say little; what counts is requests per second of the server's own CPU time (user and system, from /proc), and
its ratio to the null server's in the same round. Rounds are interleaved: each one measures every program in turn, so
that a slow minute of the machine hits all of them alike. Figures are medians over the rounds.
"""

import argparse
import dataclasses
import html
import json
import os
import pathlib
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAMS = ROOT / "build/release/bin"
TICKS = os.sysconf("SC_CLK_TCK")

# The goals of docs/performance.md: the least ratio to the null server, the most to appending by hand, and the most for
# the compile time.
GOALS = {"/plaintext": 0.85, "/fortunes": 0.77}
TYPED_GOAL, DYNAMIC_GOAL = 1.25, 3.0  # compiled, over appends by hand: at most
JINJA_GOAL = 4.0
COMPILE_GOAL = 3.0
SYSTEM_PYTHON = "/usr/bin/python3"  # the one that Debian's python3-jinja2 is installed for


@dataclasses.dataclass
class Sample:
    """One program under load for some seconds."""

    requests: int
    wall: float  # seconds, as are the two below
    server_cpu: float
    client_cpu: float
    others: float  # cores that everything else on the machine used: the noise
    p99_ms: float

    @property
    def per_cpu_second(self) -> float:
        return self.requests / self.server_cpu


class Server:
    """A program that listens on a port of 127.0.0.1, pinned to one core."""

    def __init__(self, command: list[str], port: int, core: int):
        self.port = port
        self.process = subprocess.Popen(["taskset", "-c", str(core), *command], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.stop()
                    sys.exit(f"error: {command[0]} does not listen on port {port}")
                time.sleep(0.02)

    def cpu_seconds(self) -> float:
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def peak_memory_mb(self) -> float:
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def busy_seconds() -> float:
    """CPU time that the machine has spent on anything since it started."""
    fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]]
    user, nice, system, _idle, _iowait, irq, softirq = fields[:7]
    return (user + nice + system + irq + softirq) / TICKS


def wrk(port: int, path: str, connections: int, seconds: int) -> tuple[list[str], re.Pattern]:
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", f"http://127.0.0.1:{port}{path}"]
    return command, re.compile(r"99%\s+(?P<p99>[\d.]+)(?P<unit>us|ms|s)\b.*?(?P<requests>\d+) requests in (?P<wall>[\d.]+)s", re.S)


def light_load(port: int, path: str, connections: int, seconds: int) -> tuple[list[str], re.Pattern]:
    program = str(PROGRAMS / "light_load")
    pattern = r"requests (?P<requests>\d+) seconds (?P<wall>[\d.]+) p50_us \d+ p99_(?P<unit>us) (?P<p99>\d+)"
    return [program, str(port), path, str(connections), str(seconds)], re.compile(pattern)


LOADS = {"wrk": wrk, "light_load": light_load}
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def measure(server: Server, path: str, options: argparse.Namespace) -> Sample:
    command, report = LOADS[options.load](server.port, path, options.connections, options.seconds)
    server_before, busy_before, start = server.cpu_seconds(), busy_seconds(), time.monotonic()
    load = subprocess.Popen(["taskset", "-c", str(options.load_core), *command], stdout=subprocess.PIPE, text=True)
    output = load.stdout.read()
    _, status, usage = os.wait4(load.pid, 0)
    load.returncode = os.waitstatus_to_exitcode(status)
    elapsed = time.monotonic() - start
    server_cpu = server.cpu_seconds() - server_before
    client_cpu = usage.ru_utime + usage.ru_stime
    found = report.search(output)
    if "Socket errors" in output:
        print(re.search(r"Socket errors.*", output)[0], file=sys.stderr)
    if load.returncode != 0 or not found or "Non-2xx" in output:
        sys.exit(f"error: {' '.join(command)} failed:\n{output}")
    return Sample(
        requests=int(found["requests"]),
        wall=float(found["wall"]),
        server_cpu=server_cpu,
        client_cpu=client_cpu,
        others=max(0.0, busy_seconds() - busy_before - server_cpu - client_cpu) / elapsed,
        p99_ms=float(found["p99"]) * MILLISECONDS[found["unit"]],
    )


def fetch(port: int, path: str) -> tuple[int, str]:
    """The bytes of a whole answer, and its body."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
        closing = b"".join(iter(lambda: connection.recv(65536), b""))
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
        body = response.read().decode()
    # A connection that stays open, as those under load do, is answered without this field.
    return len(closing.replace(b"Connection: close\r\n", b"")), body


def check_answers(port: int) -> None:
    """What is measured must be what is meant."""
    expected = {"/plaintext": lambda body: body == "Hello, World!", "/json": lambda body: json.loads(body) == {"message": "Hello, World!"}}
    for path, holds in expected.items():
        if not holds(fetch(port, path)[1]):
            sys.exit(f"error: {path} answers something else than it should")
    body = fetch(port, "/fortunes")[1]
    messages = [html.unescape(cell) for cell in re.findall(r"<td>\d+</td><td>(.*?)</td>", body)]
    if len(messages) != 13 or messages != sorted(messages) or "<script>" in body or "&lt;script&gt;" not in body:
        sys.exit("error: /fortunes lacks rows, their order or their escaping")


def measure_servers(options: argparse.Namespace) -> dict:
    port = free_port()
    server = Server([str(PROGRAMS / "bench_server"), "--port", str(port), "--workers", "1"], port, options.server_core)
    servers = {"hxx": server}
    try:
        check_answers(port)
        for path in options.paths:
            size, null_port = fetch(port, path)[0], free_port()
            servers[path] = Server([str(PROGRAMS / "null_server"), str(null_port), str(size)], null_port, options.server_core)
        return run_rounds(servers, options)
    finally:
        for each in servers.values():
            each.stop()


def run_rounds(servers: dict[str, Server], options: argparse.Namespace) -> dict:
    samples: dict[str, dict[str, list[Sample]]] = {path: {"hxx": [], "null": []} for path in options.paths}
    for number in range(options.rounds + 1):  # the first one warms up and does not count
        print("warming up" if number == 0 else f"round {number} of {options.rounds}", file=sys.stderr, flush=True)
        for path in options.paths:
            for name, server in (("null", servers[path]), ("hxx", servers["hxx"])):
                sample = measure(server, path, options)
                if number > 0:
                    samples[path][name].append(sample)
    results = {path: summarise(pair) for path, pair in samples.items()}
    for path in options.paths:
        results[path]["hxx"]["peak_memory_mb"] = round(servers["hxx"].peak_memory_mb(), 1)
        results[path]["null"]["peak_memory_mb"] = round(servers[path].peak_memory_mb(), 1)
    return results


def summarise(pair: dict[str, list[Sample]]) -> dict:
    ratios = [ours.per_cpu_second / null.per_cpu_second for ours, null in zip(pair["hxx"], pair["null"])]
    result: dict = {"ratio": round(statistics.median(ratios), 3), "ratios": [round(ratio, 3) for ratio in ratios]}
    for name, samples in pair.items():
        median = lambda value: statistics.median(value(sample) for sample in samples)
        result[name] = {
            "requests_per_server_cpu_second": round(median(lambda s: s.per_cpu_second)),
            "requests_per_second": round(median(lambda s: s.requests / s.wall)),
            "p99_ms": round(median(lambda s: s.p99_ms), 2),
            "server_cpu": round(median(lambda s: s.server_cpu / s.wall), 2),
            "client_cpu": round(median(lambda s: s.client_cpu / s.wall), 2),
            "other_cpu": round(median(lambda s: s.others), 2),
        }
    return result


def lines_of(command: list[str]) -> list[list[str]]:
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if run.returncode != 0:
        sys.exit(f"error: {' '.join(command)} failed")
    return [line.split() for line in run.stdout.splitlines()]


def measure_jinja(options: argparse.Namespace) -> dict:
    """The fastest batch of all rounds. hxx and the hand-written pages take turns batch by batch, Jinja2 round by round."""
    program, templates = str(PROGRAMS / "jinja_bench"), str(ROOT / "bench/jinja/templates")
    python = [SYSTEM_PYTHON, str(ROOT / "bench/jinja/jinja2_bench.py"), templates]
    has_jinja2 = subprocess.run([SYSTEM_PYTHON, "-c", "import jinja2"], stderr=subprocess.DEVNULL).returncode == 0
    if not has_jinja2:
        print(f"no Jinja2 in {SYSTEM_PYTHON} (apt-get install python3-jinja2): measuring without it", file=sys.stderr)
    pages: dict[str, dict] = {}
    with tempfile.TemporaryDirectory() as directory:
        lines_of([program, templates, "--write", directory])
        for number in range(1, options.rounds + 1):
            print(f"rendering, round {number} of {options.rounds}", file=sys.stderr, flush=True)
            for name, size, *taken in lines_of([program, templates, "1"]):
                page = pages.setdefault(name, {"bytes": int(size)})
                for key, time in zip(("hand_us", "memory_us", "hxx_us", "typed_us", "dynamic_us"), map(float, taken)):
                    page[key] = min(page.get(key, time), time)
            for name, _, taken in lines_of([*python, directory, "0.5"]) if has_jinja2 else []:
                pages[name]["jinja2_us"] = min(pages[name].get("jinja2_us", float("inf")), float(taken))
    for page in pages.values():
        page["ratio"] = round(page["hxx_us"] / page["hand_us"], 2)
        page["typed_ratio"] = round(page["typed_us"] / page["hand_us"], 2)
        page["dynamic_ratio"] = round(page["dynamic_us"] / page["hand_us"], 2)
        page["memory_ratio"] = round(page["hxx_us"] / page["memory_us"], 2)
        if has_jinja2:
            page["jinja2_ratio"] = round(page["jinja2_us"] / page["hxx_us"], 1)
    return pages


def compile_seconds(source: pathlib.Path, output: pathlib.Path) -> float:
    """CPU time of compiling one source as a user's release build does, without a precompiled header."""
    command = ["clang++-19", "-std=c++20", "-O2", f"-I{ROOT}", "-c", str(source), "-o", str(output)]
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"error: {' '.join(command)} failed")
    return usage.ru_utime + usage.ru_stime


def measure_compile(options: argparse.Namespace) -> dict:
    """The best of several runs, taken in turn: what disturbs a compiler only ever makes it slower."""
    with tempfile.TemporaryDirectory() as directory:
        base = pathlib.Path(directory) / "base.cpp"
        base.write_text("#include <string>\n#include <iostream>\n")
        hello = ROOT / "examples/hello/main.cpp"
        seconds: dict[pathlib.Path, list[float]] = {base: [], hello: []}
        print("compiling examples/hello", file=sys.stderr, flush=True)
        for _ in range(options.compiles):
            for source, taken in seconds.items():
                taken.append(compile_seconds(source, pathlib.Path(directory) / "object.o"))
    best = {source: min(taken) for source, taken in seconds.items()}
    return {
        "ratio": round(best[hello] / best[base], 2),
        "hello_seconds": round(best[hello], 3),
        "string_iostream_seconds": round(best[base], 3),
    }


def table(results: dict) -> str:
    lines = []
    if servers := results.get("servers"):
        columns = ["req/s of server CPU", "ratio", "goal", "req/s", "p99 ms", "peak MB", "server CPU", "client CPU", "other CPU"]
        lines += ["| | " + " | ".join(columns) + " |", "| --- |" + " ---: |" * len(columns)]
        for path, pair in servers.items():
            for name, ratio, goal in (("null", "1", ""), ("hxx", f"{pair['ratio']:.2f}", GOALS.get(path, ""))):
                row = pair[name]
                cells = [f"{row['requests_per_server_cpu_second']:,}", ratio, str(goal), f"{row['requests_per_second']:,}",
                         f"{row['p99_ms']:.2f}", f"{row['peak_memory_mb']:.1f}", f"{row['server_cpu']:.2f}",
                         f"{row['client_cpu']:.2f}", f"{row['other_cpu']:.2f}"]
                lines.append(f"| {name} {path} | " + " | ".join(cells) + " |")
        lines.append("")
    if pages := results.get("jinja"):
        lines += ["| | bytes | µs by hand | µs hxx | ratio | goal | µs to memory | ratio | µs Jinja2 | Jinja2 / hxx |",
                  "| --- |" + " ---: |" * 9]
        for name, page in pages.items():
            python = [f"{page['jinja2_us']:,.1f}", f"{page['jinja2_ratio']:.1f}"] if "jinja2_us" in page else ["", ""]
            cells = [f"{page['bytes']:,}", f"{page['hand_us']:,.2f}", f"{page['hxx_us']:,.2f}", f"{page['ratio']:.2f}",
                     f"{JINJA_GOAL:.0f}", f"{page['memory_us']:,.2f}", f"{page['memory_ratio']:.2f}", *python]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        lines += ["", "Compiled to C++, µs and over by hand:", "",
                  "| | struct | ratio | goal | one by one | ratio | goal |", "| --- |" + " ---: |" * 6]
        for name, page in pages.items():
            cells = [f"{page['typed_us']:,.2f}", f"{page['typed_ratio']:.2f}", f"{TYPED_GOAL:.2f}",
                     f"{page['dynamic_us']:,.2f}", f"{page['dynamic_ratio']:.2f}", f"{DYNAMIC_GOAL:.0f}"]
            lines.append(f"| {name} | " + " | ".join(cells) + " |")
        lines.append("")
    if taken := results.get("compile"):
        lines.append(f"Compiling examples/hello: {taken['hello_seconds']:.2f} s, a file with <string> and <iostream>: "
                     f"{taken['string_iostream_seconds']:.2f} s; ratio {taken['ratio']:.2f} (goal: at most {COMPILE_GOAL:.0f})")
    return "\n".join(lines)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__.split("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count (default: %(default)s)")
    parser.add_argument("--seconds", type=int, default=4, help="of load for each program in a round (default: %(default)s)")
    parser.add_argument("--connections", type=int, default=64, help="kept open by the load (default: %(default)s)")
    parser.add_argument("--load", choices=LOADS, default="wrk", help="load generator (default: %(default)s)")
    parser.add_argument("--paths", nargs="+", default=["/plaintext", "/json", "/fortunes"], help="pages (default: all)")
    parser.add_argument("--compiles", type=int, default=7, help="runs of the compiler; 0: leave that out (default: %(default)s)")
    parser.add_argument("--json", type=pathlib.Path, default=ROOT / "build/bench.json", help="where the figures go (default: %(default)s)")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--compile-only", action="store_true", help="measure only the compile time")
    only.add_argument("--jinja-only", action="store_true", help="measure only the template engine")
    return parser.parse_args()


def main() -> None:
    options = parse_arguments()
    results = {}
    if not options.compile_only and not options.jinja_only:
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) < 2:
            sys.exit("error: wants two cores, one for the server and one for the load")
        options.server_core, options.load_core = cores[:2]
        results["servers"] = measure_servers(options)
    if not options.compile_only:
        results["jinja"] = measure_jinja(options)
    if options.compiles > 0 and not options.jinja_only:
        results["compile"] = measure_compile(options)
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(results, indent=2) + "\n")
    print(table(results))
    print(f"\nwritten to {options.json}", file=sys.stderr)


if __name__ == "__main__":
    main()
