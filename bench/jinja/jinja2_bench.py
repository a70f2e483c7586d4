"""Times Jinja2 on the pages that `jinja_bench TEMPLATES --write DIRECTORY` wrote: jinja2_bench.py TEMPLATES DIRECTORY SECONDS.

Prints a line for each page: name, bytes, µs. What it renders must be the page that hxx rendered, byte for byte.
"""

import json
import pathlib
import sys
import time

import jinja2

templates, directory, seconds = sys.argv[1], pathlib.Path(sys.argv[2]), float(sys.argv[3])
environment = jinja2.Environment(loader=jinja2.FileSystemLoader(templates), autoescape=True, auto_reload=False)
for name in ("fortunes", "table", "page"):
    data = json.loads((directory / f"{name}.json").read_text(encoding="utf-8"))
    page = environment.get_template(f"{name}.html")
    if page.render(data) != (directory / f"{name}.html").read_text(encoding="utf-8"):
        sys.exit(f"error: {name}: Jinja2 {jinja2.__version__} and hxx render different pages")
    start = time.perf_counter()
    page.render(data)
    rounds = max(1, int(0.001 / (time.perf_counter() - start)))
    best, end = 1e12, time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(rounds):
            page.render(data)
        best = min(best, (time.perf_counter() - start) / rounds * 1e6)
    print(f"{name} {len(page.render(data).encode())} {best:.3f}", flush=True)
