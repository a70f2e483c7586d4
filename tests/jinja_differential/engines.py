"""The two engines: Jinja2 in this process, hxx in another."""

import json
import re
import signal
import subprocess
import traceback
import typing

import jinja2
import values
from markupsafe import Markup

Case = dict[str, typing.Any]
Reply = dict[str, typing.Any]

UNDEFINED = {
    "default": jinja2.Undefined,
    "strict": jinja2.StrictUndefined,
    "chainable": jinja2.ChainableUndefined,
    "debug": jinja2.DebugUndefined,
}
# What Jinja2's way of working lets through, though its language has no such error: the Python source that it makes of
# the template is not valid, or Python's own limits. Nothing to be compared with.
ACCIDENTS = {"SyntaxError", "IndentationError", "NameError", "UnboundLocalError", "AssertionError", "RuntimeError"}
ACCIDENTS |= {"RecursionError", "SystemError", "MemoryError"}
# Output that depends on where Python keeps things, or names its classes.
PYTHONS_OWN = re.compile(
    r"(<|&lt;)(class|built-in|bound|function|generator|module|method|cyfunction)|\bobject at\b"
    r"|dict_(keys|values|items)|TemplateReference|<Undefined",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"0x[0-9a-f]{6,}")


def is_pythons_own(output: str) -> bool:
    # A filter may have broken an address into lines.
    return bool(PYTHONS_OWN.search(output) or ADDRESS.search("".join(output.split())))


# Where Jinja2 compiles: an error that comes from there and is no TemplateSyntaxError is a mistake of its own.
COMPILER = ("jinja2/optimizer.py", "jinja2/compiler.py", "jinja2/parser.py")

SECONDS = 60  # for hxx's replies to a batch


class Slow(BaseException):
    pass


def too_slow(*_: object) -> typing.NoReturn:
    raise Slow


class Jinja2:
    def __init__(self) -> None:
        signal.signal(signal.SIGALRM, too_slow)
        # Modules are Python's own affair: hxx says "Namespace object".
        runtime = (jinja2.runtime.TemplateReference, jinja2.environment.TemplateModule, jinja2.utils.Namespace)
        for kind in (*runtime, jinja2.filters._GroupTuple, Markup):
            kind.__module__ = "builtins"

    def environment(self, case: Case) -> jinja2.Environment:
        options = dict(case["options"])
        extensions = ["jinja2.ext." + name for name in options.pop("extensions", [])]
        policies = options.pop("policies", {})
        undefined = UNDEFINED[options.pop("undefined", "default")]
        if isinstance(escaped := options.get("autoescape"), dict):
            options["autoescape"] = lambda name: escaped.get(name, False)
        made = jinja2.Environment(
            loader=jinja2.DictLoader(case["templates"]),
            undefined=undefined,
            extensions=extensions,
            cache_size=20,
            **options,
        )
        made.policies.update(policies)
        made.globals.update({key: values.python(value) for key, value in case.get("globals", {}).items()})
        return made

    def ask(self, case: Case) -> Reply | None:
        """The reply as hxx should give it; None if there is nothing to compare with."""
        signal.setitimer(signal.ITIMER_REAL, 3)
        try:
            context = {key: values.python(value) for key, value in case["context"].items()}
            output = self.environment(case).get_template(case["name"]).render(context)
            return None if is_pythons_own(output) else {"ok": True, "output": output}
        except Slow:
            return None
        except Exception as error:
            return self.failure(error)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    @staticmethod
    def failure(error: Exception) -> Reply | None:
        kind = type(error).__name__
        if kind in ACCIDENTS:
            return None
        if isinstance(error, jinja2.TemplateSyntaxError):
            line = error.lineno
        else:
            trace = traceback.extract_tb(error.__traceback__)
            frames = [frame.lineno for frame in trace if frame.filename == "<template>"]
            files = [frame.filename for frame in trace if frame.filename.endswith((*COMPILER, "<template>"))]
            innermost = files[-1] if files else ""
            stumbled = (
                innermost.endswith(COMPILER)
                or kind == "AttributeError"
                and str(error).endswith("has no attribute 'nodes'")
            )
            if stumbled or not frames and not isinstance(error, jinja2.TemplateNotFound):
                return None
            line = frames[-1] if frames else None
        return {"ok": False, "kind": kind, "line": line, "message": str(error)}


class Hxx:
    """`hxx render --json-lines`, started again if it ends."""

    def __init__(self, program: str) -> None:
        self.command = [program, "render", "--json-lines"]
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, case: Case) -> Reply:
        """One request, for which a process is kept."""
        if self.process is None:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdin.write(encoded(case))
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if line:
            return json.loads(line)
        status = self.process.wait()
        self.process = None
        return crashed(status)

    def ask_all(self, cases: list[Case]) -> list[Reply]:
        """Many requests, written at once."""
        replies: list[Reply] = []
        while len(replies) < len(cases):
            rest = cases[len(replies) :]
            process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            try:
                output, _ = process.communicate(b"".join(map(encoded, rest)), timeout=SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                output, _ = process.communicate()
            lines = output.splitlines()
            replies += [json.loads(line) for line in lines]
            if len(lines) < len(rest):
                replies.append(crashed(process.returncode))
        return replies

    def end(self) -> None:
        if self.process:
            self.process.stdin.close()
            self.process.wait()


def encoded(case: Case) -> bytes:
    return json.dumps(case).encode() + b"\n"


def crashed(status: int) -> Reply:
    return {"ok": False, "kind": "CRASH", "line": None, "message": f"the process ended with status {status}"}
