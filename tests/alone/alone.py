#!/usr/bin/env python3
"""The users example in a root directory of its own, in which there are the shared libraries that it links and nothing
else: no source tree, no templates, no styles, no migrations. It serves all of its pages, and writes its database only.

    alone.py PROGRAM [ARGUMENT…]
"""

import pathlib
import re
import selectors
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

SECONDS = 60  # for the program's first line, an answer, its end


def into_a_root_of_its_own() -> list[str]:
    """The command that does it: as root, or as anybody where the kernel has namespaces for them."""
    chroot = ["/usr/sbin/chroot"]
    for way in (chroot, ["/usr/bin/unshare", "--map-root-user", *chroot]):
        if subprocess.run([*way, "/", "/bin/true"], stderr=subprocess.DEVNULL).returncode == 0:
            return way
    sys.exit("neither chroot nor unshare is permitted, so nothing shows that the program needs no other files")


def furnish(root: pathlib.Path, program: str) -> set[pathlib.Path]:
    """Copies the program and its libraries; the files that are there then."""
    libraries = subprocess.run(["ldd", program], check=True, stdout=subprocess.PIPE, text=True).stdout
    for library in re.findall(r"(/\S+) \(0x", libraries):
        copy = root / library.lstrip("/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(library, copy)
    shutil.copy(program, root / "users")
    return files(root)


def files(root: pathlib.Path) -> set[pathlib.Path]:
    return {path.relative_to(root) for path in root.rglob("*") if not path.is_dir()}


class Client:
    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor()
        )

    def ask(self, path: str, status: int, *expected: str, form: dict[str, str] | None = None, **headers: str):
        """The body and the fields of an answer that has this status and these texts in its body."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, data, {"Accept": "text/html", **fields})
        try:
            reply = self.opener.open(request, timeout=SECONDS)
        except urllib.error.HTTPError as error:
            reply = error
        text = reply.read().decode()
        if reply.status != status:
            sys.exit(f"{path}: {reply.status}, not {status}\n{text}")
        if missing := [part for part in expected if part not in text]:
            sys.exit(f"{path}: lacks {missing}\n{text}")
        return text, reply.headers


def visit(client: Client) -> None:
    client.ask("/", 200, "<!doctype html>", "See 26 users")
    client.ask("/users?q=hopper", 200, "<!doctype html>", "Grace Hopper")
    fragment, _ = client.ask("/users", 200, '<section id="users"', "Ada Lovelace", HX_Request="true")
    if "<html" in fragment:
        sys.exit(f"htmx gets the whole page:\n{fragment}")
    client.ask("/users/99", 404, "<!doctype html>", "There is no user 99.")

    page, _ = client.ask("/users/new", 200)
    form = {"csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page)[1], "name": "Mary Shaw", "age": "80"}
    client.ask("/users", 422, "must be an e-mail address", form={**form, "email": "mary"})
    client.ask("/users", 200, "mary@example.org", form={**form, "email": "mary@example.org"})  # after a redirect

    for path in ("/static/app.css", "/static/icon.svg", "/assets/htmx4.min.js"):
        _, headers = client.ask(path, 200)
        client.ask(path, 304, If_None_Match=headers["ETag"])


def listening(process: subprocess.Popen) -> str:
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        line = process.stdout.readline() if selector.select(SECONDS) else ""
    if not line.startswith("Listening on "):
        sys.exit(f"the program does not listen; it said: {line}")
    return line.removeprefix("Listening on ").strip()


def main() -> None:
    program, *arguments = sys.argv[1:]
    way = into_a_root_of_its_own()
    with tempfile.TemporaryDirectory(prefix="hxx-alone-") as directory:
        root = pathlib.Path(directory)
        furniture = furnish(root, program)
        process = subprocess.Popen(
            [*way, directory, "/users", "--port", "0", "--workers", "1", *arguments],
            env={}, stdout=subprocess.PIPE, text=True,
        )
        try:
            visit(Client(listening(process)))
            process.terminate()
            if status := process.wait(SECONDS):
                sys.exit(f"the program ended with status {status}")
        finally:
            process.kill()
            process.wait()
        written = {str(path) for path in files(root) - furniture}
        if written != {"users.db"}:
            sys.exit(f"beside the program are now: {written}")


if __name__ == "__main__":
    main()
