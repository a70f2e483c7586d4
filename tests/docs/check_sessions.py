"""Does what the tutorial's reader does: writes the files, enters the commands, and compares the answers.

A command is a line of a console block that begins with "$ "; what follows is its output, in which ... stands for any
text, and a line of it for any lines. A command that prints "Listening on …" is a server, which runs until the next
one does, on a free port; its address is exchanged in commands and output. Compiling alone is left to the build that
runs this test: it has made the programs already.
"""

import argparse
import os
import pathlib
import re
import selectors
import shlex
import shutil
import subprocess
import sys

import markdown
from markdown import ROOT, Block, DocsError
from projects import Projects

SECONDS = 60  # for a command, or a server's first line


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=pathlib.Path, help="this build's directory")
    parser.add_argument("--work", required=True, type=pathlib.Path, help="a directory that is made anew")
    parser.add_argument("--program", action="append", default=[], metavar="PROJECT/NAME=FILE")
    return parser.parse_args()


def commands_of(block: Block) -> list[tuple[str, str]]:
    """Each command of a console block with the output that the page shows."""
    pairs: list[list[str]] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            pairs.append([line[2:], ""])
        elif pairs:
            pairs[-1][1] += line + "\n"
        else:
            raise DocsError(f"{block.where}: output without a command")
    return [(command, output) for command, output in pairs]


def matches(shown: str, output: str) -> bool:
    pattern = ""
    for line in shown.rstrip("\n").splitlines():
        if line == "...":
            pattern += r"(?:[^\n]*\n)*"
        else:
            pattern += ".*".join(re.escape(part) for part in line.split("...")) + r"\n"
    lines = [line.rstrip() for line in output.splitlines()]
    return re.fullmatch(pattern, "\n".join(lines).rstrip("\n") + "\n" if output.strip() else "") is not None


class Server:
    """A program of the tutorial that listens."""

    def __init__(self, command: str, folder: pathlib.Path, environment: dict[str, str]) -> None:
        before, then, program = re.sub(r" --port \d+", "", command).rpartition(" && ")
        self.log = open(folder / "log.txt", "w+")
        self.process = subprocess.Popen(
            ["bash", "-c", f"{before}{then}exec env {program} --port 0"],
            cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=self.log, text=True,
        )
        self.first_line = self._first_line()
        self.address = self.first_line.removeprefix("Listening on http://")

    def _first_line(self) -> str:
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            line = self.process.stdout.readline().strip() if selector.select(SECONDS) else ""
        if not line.startswith("Listening on "):
            self.process.kill()
            self.process.wait()
            raise DocsError(f"the program does not listen; it said: {line}\n{self.errors()}")
        return line

    def errors(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def stop(self) -> None:
        self.process.terminate()
        try:
            status = self.process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise DocsError("the program did not end after SIGTERM") from None
        if status != 0:
            raise DocsError(f"the program ended with status {status} after SIGTERM\n{self.errors()}")


class Reader:
    """Who reads the tutorial and does what it says."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.build, self.work = options.build, options.work
        self.programs = dict(pair.split("=", 1) for pair in options.program)
        self.projects = Projects()
        self.server: Server | None = None
        self.shown_address = ""  # that the page shows where the server has its own
        home = self.work / "home"
        home.mkdir(parents=True)
        (home / ".curlrc").write_text("silent\nshow-error\n")  # without a terminal curl would draw its progress
        self.environment = os.environ | {"HOME": str(home), "HXX": str(ROOT), "NO_PROXY": "*", "LC_ALL": "C.UTF-8"}
        self.environment["CMAKE_GENERATOR"] = "Ninja"  # whose dry run is one
        for setting in ("DATABASE_URL", "HTMX_VERSION", "SECRET", "WEATHER_URL"):
            self.environment.pop(setting, None)

    @property
    def folder(self) -> pathlib.Path:
        return self.work / self.projects.name

    def read(self, block: Block) -> int:
        """Does what a block says; the number of commands in it."""
        changed = self.projects.apply(block)
        if "project" in block.directives:
            self._begin_project()
        if changed:
            path = self.folder / changed
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(self.projects.files[self.projects.name][changed])
        if block.language != "console":
            return 0
        folder = ROOT if block.directives.get("in") == "hxx" else self.folder
        commands = commands_of(block)
        for command, shown in commands:
            try:
                self._enter(command, shown, folder)
            except DocsError as error:
                raise DocsError(f"{block.where}: $ {command}\n{error}") from None
        return len(commands)

    def _begin_project(self) -> None:
        """The folder of the project before it as it is by now, and the programs that the build has made of this one."""
        if origin := self.projects.origin:
            shutil.copytree(self.work / origin, self.folder, ignore=shutil.ignore_patterns("build", "*.db*"))
        (self.folder / "build").mkdir(parents=True)
        for name, file in self.programs.items():
            project, _, program = name.partition("/")
            if project == self.projects.name:
                shutil.copy2(file, self.folder / "build" / program)

    def _enter(self, command: str, shown: str, folder: pathlib.Path) -> None:
        if shown.startswith("Listening on "):
            self.stop_server()
            self.server = Server(command, folder, self.environment)
            self.shown_address = shown.strip().removeprefix("Listening on http://")
            return
        if command.startswith("./scripts/"):  # they build all of this; that they are there must do
            if not os.access(folder / command, os.X_OK):
                raise DocsError("there is no such script")
            return
        output = self._run(command, folder)
        if not matches(shown, output):
            raise DocsError(f"shown:\n{shown}\nanswered:\n{output}")

    def _run(self, command: str, folder: pathlib.Path) -> str:
        if self.server:
            command = command.replace(self.shown_address, self.server.address)
        if command.startswith("cmake --build"):
            command += " -- -n"  # what would be done
        command = command.replace("build/release", shlex.quote(str(self.build)))
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=self.environment, timeout=SECONDS, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )
        if command.startswith("cmake") and done.returncode != 0:
            raise DocsError(done.stdout)
        return done.stdout.replace(self.server.address, self.shown_address) if self.server else done.stdout

    def stop_server(self) -> None:
        if self.server:
            server, self.server = self.server, None
            server.stop()


def main() -> None:
    options = arguments()
    shutil.rmtree(options.work, ignore_errors=True)
    options.work.mkdir(parents=True)
    reader = Reader(options)
    try:
        count = sum(reader.read(block) for block in markdown.blocks(markdown.TUTORIAL))
        reader.stop_server()
    finally:
        if reader.server:
            reader.server.process.kill()
    print(f"{count} commands answered as the tutorial shows")


if __name__ == "__main__":
    try:
        main()
    except (DocsError, subprocess.TimeoutExpired) as error:
        sys.exit(str(error))
