"""The commands that README shows are run, shortened, as somebody would who copies them."""

import functools
import http.server
import os
import pathlib
import re
import shlex
import socketserver
import subprocess
import tempfile
import threading
import unittest

from asyncbench import EXECUTABLE
from script import SOURCE_DIR

# What makes each of them short; what they measure stays.
SHORTER = {"run": ["-r", "1", "--warmup", "0"], "pitfalls": ["-r", "1"],
           "gate": ["--looks", "2", "--no-confirm", "-n", "60"]}


def commands(text):
    """Each line that is a command: of indented blocks, without what is said beside it, and behind a `$`."""
    text = re.sub(r" *\\\n *", " ", text)
    indented = re.findall(r"^    (asyncbench .*?)(?:  .*)?$", text, re.MULTILINE)
    return indented + re.findall(r"^\$ (asyncbench .*)$", text, re.MULTILINE)


@functools.cache
def help_of(*group):
    return subprocess.run([EXECUTABLE, *group, "--help"], capture_output=True, text=True, check=True).stdout


class Quiet(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class ReadmeCommands(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.directory = pathlib.Path(temporary.name)
        (cls.directory / "examples").symlink_to(SOURCE_DIR / "examples")
        cls.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Quiet)
        cls.server.daemon_threads = True
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.server.server_close)
        cls.addClassCleanup(cls.server.shutdown)
        for name in ("run.json", "result.json"):
            subprocess.run([EXECUTABLE, "run", "-s", "callback,coroutine", "-c", "16", "-d", "200ms", *SHORTER["run"],
                            "--quiet", "--json", cls.directory / name], check=False, capture_output=True)

    def shortened(self, command):
        words = shlex.split(command.replace("http://127.0.0.1:8080/", f"http://127.0.0.1:{self.server.server_address[1]}/"))
        words = ["100ms" if before == "-d" else word for before, word in zip(["", *words], words)]
        words += SHORTER.get(words[1], [])
        if words[1] == "run":
            words += [] if "-d" in words else ["-d", "100ms"]
            words += [] if "-c" in words else ["-c", "4"]
        return words

    def test_are_found(self):
        self.assertGreaterEqual(len(commands((SOURCE_DIR / "README.md").read_text())), 9)

    def test_do_what_they_say(self):
        for command in commands((SOURCE_DIR / "README.md").read_text()):
            with self.subTest(command):
                words = self.shortened(command)
                # As where an alias stands for the program: the shell below it does not know where that is.
                environment = {**os.environ, "PATH": "/usr/local/bin:/usr/bin:/bin"}
                process = subprocess.run([EXECUTABLE, *words[1:]], cwd=self.directory, env=environment,
                                         capture_output=True, text=True, timeout=200, check=False)
                # 4: of what is so short, too little is measured.
                self.assertIn(process.returncode, (0, 2, 4), process.stderr)
                self.assertNotIn("not found", process.stderr)
                self.assertTrue(process.stdout)

    def test_use_options_that_there_are(self):
        for page in ("README.md", "docs/commands.md", "docs/gate.md"):
            for command in commands((SOURCE_DIR / page).read_text()):
                with self.subTest(page=page, command=command):
                    words = shlex.split(command)
                    flags = {word.partition("=")[0] for word in words if re.match(r"--?[a-zA-Z]", word)}
                    group = words[1:3] if words[1] == "history" else words[1:2]
                    for flag in flags:
                        self.assertRegex(help_of(*group), rf"(^|[\s,]){re.escape(flag)}\b", command)


if __name__ == "__main__":
    unittest.main()
