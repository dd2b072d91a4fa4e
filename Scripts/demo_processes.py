"""The two programs of the demo as processes, and what they are asked."""

import json
import os
import select
import signal
import sqlite3
import subprocess
import time
import urllib.request

PATIENCE = 120  # seconds, for anything that is waited for


class DemoFailure(Exception):
    """Why the demo cannot go on."""


def wait_for(condition, what):
    """Asks until the condition holds."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise DemoFailure(f"waited {PATIENCE} s in vain until {what}")
        time.sleep(0.1)


class Program:
    """A program that serves until the demo ends; its first line says that it is up."""

    def __init__(self, program, arguments, log):
        if not os.access(program, os.X_OK):
            raise DemoFailure(f"there is no {program}; `make demo` builds it")
        self.log = log
        with open(log, "ab") as errors:
            self.process = subprocess.Popen(
                [program, *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, text=True)
        readable, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        self.first_line = self.process.stdout.readline().strip() if readable else ""
        if not self.first_line:
            self.end()
            raise DemoFailure(f"{os.path.basename(program)} did not come up; {log} says why")

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()


class ERP(Program):
    """The sample ERP, and its books as its own administrator sees them."""

    def __init__(self, programs, folder, log):
        self.program = programs / "sample-erp"
        self.folder = folder
        folder.mkdir(exist_ok=True)
        super().__init__(self.program, ["serve", "--data", folder, "--listen", "127.0.0.1:0"], log)
        self.reference = self.first_line.split()[-1]

    def tool(self, *arguments):
        return subprocess.run([self.program, *arguments], check=True, capture_output=True).stdout

    def rows(self, query):
        books = sqlite3.connect(f"file:{self.folder / 'sample-erp.db'}?mode=ro", uri=True)
        try:
            return books.execute(query).fetchall()
        finally:
            books.close()

    def number(self, query):
        return self.rows(query)[0][0]


class XMLInterface(Program):
    """The stand-in for a U8 EAI interface, and its books."""

    def __init__(self, programs, folder, log):
        self.folder = folder
        folder.mkdir(exist_ok=True)
        super().__init__(programs / "u8-eai-test-gateway", ["--data", folder, "--listen", "127.0.0.1:0"], log)
        self.reference = f"{self.first_line.split()[-1]}#sender=001&query=cOutID"

    def orders(self):
        books = sqlite3.connect(f"file:{self.folder / 'u8-eai.db'}?mode=ro", uri=True)
        try:
            return books.execute("SELECT code, outid, customer FROM sale_order ORDER BY id").fetchall()
        finally:
            books.close()


class Broker(Program):
    """`tessera serve`, and the commands that one types beside it."""

    def __init__(self, programs, folder, log):
        self.program = programs / "tessera"
        self.folder = folder
        super().__init__(
            self.program, ["serve", "--data", folder, "--listen", "127.0.0.1:0", "--read-every", "500ms", "--json"], log)
        announced = json.loads(self.first_line)
        self.address, self.gateway = announced["corbaloc"], announced["http"]

    def ask(self, *words):
        """The answer of a command."""
        answer, code = self.answer(words)
        if code != 0:
            error = answer.get("error", {})
            raise DemoFailure(f"tessera {' '.join(words[:2])}: {error.get('code')}: {error.get('message')}")
        return answer

    def may_ask(self, *words):
        """The answer of a command, None where it is refused, such as for what is not there."""
        answer, code = self.answer(words)
        return answer if code == 0 else None

    def answer(self, words):
        result = subprocess.run(
            [self.program, *words, "--json", "--data", self.folder], capture_output=True, text=True, timeout=PATIENCE)
        try:
            return json.loads(result.stdout), result.returncode
        except ValueError:
            raise DemoFailure(f"tessera {' '.join(words)}: {result.stderr.strip()}") from None

    def post(self, token, document):
        """The answer of the gateway to a document."""
        request = urllib.request.Request(
            self.gateway, document.encode(), {"Authorization": f"Bearer {token}", "Content-Type": "application/xml"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def systems(self):
        return self.ask("systems", "list")["systems"]

    def message(self, name):
        return self.ask("messages", "show", str(name))
