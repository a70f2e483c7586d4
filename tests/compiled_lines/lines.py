"""Runs a program whose template was compiled with --coverage -g, and looks at which lines of the template the coverage
report and the call stack name."""

import argparse
import pathlib
import re
import subprocess
import tempfile

TEMPLATE = "templates/lines.html"


def check_stack(addresses: str, program: str, symbolizer: str) -> None:
    named = subprocess.run([symbolizer, f"--obj={program}", *addresses.split()], check=True, capture_output=True, text=True)
    place = re.search(rf"{TEMPLATE}:(\d+):", named.stdout)
    if place is None or place[1] != "17":
        raise SystemExit(f"the stack of trace() does not lead to {TEMPLATE}:17:\n{named.stdout}")


def executed(report: str) -> dict[int, bool]:
    """The lines with code, and whether they ran. g++'s gcov lists the functions of a template one after the other too."""
    ran: dict[int, bool] = {}
    for count, number in re.findall(r"^ *([\d#=*]+): *(\d+):", report, re.MULTILINE):
        ran[int(number)] = ran.get(int(number), False) or count.strip("#=*") != ""
    return ran


def check_coverage(objects: list[str], gcov: list[str]) -> None:
    data = [str(pathlib.Path(name).with_suffix(".gcda")) for name in objects if "lines_dhtml" in name]
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run([*gcov, *data], cwd=directory, check=True, stdout=subprocess.DEVNULL)
        report = (pathlib.Path(directory) / "lines.html.gcov").read_text()
    ran = executed(report)
    expected = {2: True, 7: True, 9: False, 11: True, 14: False, 17: True}
    wrong = [line for line, runs in expected.items() if ran.get(line) is not runs]
    if wrong:
        raise SystemExit(f"wrong counts for the lines {wrong}:\n{report}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--program", required=True)
    parser.add_argument("--objects", required=True, nargs="+")
    parser.add_argument("--symbolizer", required=True)
    parser.add_argument("--gcov", required=True, nargs="+")
    options = parser.parse_args()
    for name in options.objects:
        pathlib.Path(name).with_suffix(".gcda").unlink(missing_ok=True)
    run = subprocess.run([options.program], check=True, capture_output=True, text=True)
    for text in ('<tr class="dear">', "<td>two</td>", "<tr>ONE</tr>"):
        if text not in run.stderr:
            raise SystemExit(f"{text} is missing:\n{run.stderr}")
    check_stack(run.stdout, options.program, options.symbolizer)
    check_coverage(options.objects, options.gcov)


main()
