"""A target that wants a user and a password is measured, and nothing that comes of it holds them."""

import base64
import contextlib
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import asyncbench

CLIENT = f"exec:{sys.executable} {asyncbench.SOURCE_DIR}/examples/python_trial/client.py"
PASSWORD = "s3cr@t!"
SHORT = ("-n", "40", "-c", "2", "-r", "1", "--warmup", "0s", "--quiet")


class Guarded(http.server.BaseHTTPRequestHandler):
    """Answers whom it knows; others are not told why not."""

    protocol_version = "HTTP/1.1"
    wanted = "Basic " + base64.b64encode(f"ann:{PASSWORD}".encode()).decode()

    def do_GET(self):
        known = self.headers.get("Authorization") == self.wanted
        self.send_response(200 if known else 401)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def guarded_url(path="x"):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Guarded)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://ann:s3cr%40t!@127.0.0.1:{server.server_port}/{path}"
    finally:
        server.shutdown()
        server.server_close()


def run(*arguments):
    return asyncbench.run(asyncbench.EXECUTABLE, *arguments)


class SecretsOfATarget(unittest.TestCase):
    def assert_hidden(self, folder, *texts):
        for path in pathlib.Path(folder).rglob("*"):
            if path.is_file():
                texts += (path.read_bytes().decode(errors="replace"),)
        for text in texts:
            for form in (PASSWORD, "s3cr%40t", "s3cr%2540t", Guarded.wanted.split()[1]):
                self.assertNotIn(form, text)

    def test_are_sent_by_every_strategy_and_stand_in_no_output(self):
        with guarded_url() as url, tempfile.TemporaryDirectory() as folder:
            process = run("run", "--target", url, *SHORT, "-s", f"sequential,callback,coroutine,{CLIENT}", "-o",
                          folder)
            self.assertEqual(process.returncode, 0, process.stderr)
            result = f"{folder}/result.json"
            for trial in json.loads(pathlib.Path(result).read_text())["trials"]:
                self.assertEqual(trial["errors"]["status"], 0, trial["strategy"])
            told = [run("report", result, "--format", form).stdout
                    for form in ("markdown", "csv", "csv-trials", "json", "benchfmt", "hgrm")]
            run("report", result, "--site", f"{folder}/site")
            self.assert_hidden(folder, process.stdout, process.stderr, *told)
            self.assertIn("***@127.0.0.1", process.stdout)
            self.assertIn("--target 'http://***@127.0.0.1", told[0], "the command that repeats it")

    def test_may_be_given_apart_from_the_url(self):
        with guarded_url() as url, tempfile.TemporaryDirectory() as folder:
            bare = url.replace("ann:s3cr%40t!@", "")
            for command in (("run", "--target", bare, *SHORT, "-s", "callback"), ("load", bare, "-n", "40", "--quiet")):
                process = run(*command, "-u", f"ann:{PASSWORD}", "--json", f"{folder}/result.json")
                self.assertEqual(process.returncode, 0, process.stderr)
                (trial,) = json.loads((pathlib.Path(folder) / "result.json").read_text())["trials"]
                self.assertEqual(trial["errors"]["status"], 0)
                self.assert_hidden(folder, process.stdout, process.stderr)

    def test_of_a_bearer_come_from_the_environment(self):
        with guarded_url() as url, tempfile.TemporaryDirectory() as folder:
            command = ("load", url.replace("ann:s3cr%40t!@", ""), "-n", "40", "-c", "4", "--quiet", "--bearer-env",
                       "TOKEN")
            process = asyncbench.run(asyncbench.EXECUTABLE, *command, env={**os.environ, "TOKEN": PASSWORD})
            self.assertIn("401: 40", process.stdout, "which wants no bearer")
            self.assert_hidden(folder, process.stdout, process.stderr)
            missing = run(*command)
            self.assertEqual(missing.returncode, 64)
            self.assertIn("no environment variable 'TOKEN'", missing.stderr)

    def test_are_in_no_message_where_the_target_refuses(self):
        with guarded_url() as url, tempfile.TemporaryDirectory() as folder:
            for wrong in (url.replace("ann", "bob"), url.replace("127.0.0.1", "no-such-host.invalid"),
                          url.replace("http:", "htp:"), url[len("http://"):], url + " x"):
                process = run("run", "--target", wrong, *SHORT, "-s", "callback")
                self.assertNotEqual(process.returncode, 0)
                self.assertTrue(process.stderr)
                self.assert_hidden(folder, process.stdout, process.stderr)

    def test_have_to_be_said_again_where_a_result_is_the_baseline(self):
        with guarded_url() as url, tempfile.TemporaryDirectory() as folder:
            result = f"{folder}/base.json"
            process = run("run", "--target", url, *SHORT, "-s", "callback", "--json", result)
            self.assertEqual(process.returncode, 0, process.stderr)
            again = run("gate", "--baseline", result, "--quiet")
            self.assertEqual(again.returncode, 64, again.stderr)
            self.assertIn("--target", again.stderr)
            self.assertIn("***", again.stderr)
            gated = run("gate", "--baseline", result, "--target", url, "--quiet", "-o", f"{folder}/gate")
            self.assertIn(gated.returncode, (0, 2), gated.stderr)
            self.assert_hidden(folder, gated.stdout, gated.stderr)

    def test_of_a_command_are_hidden_as_well(self):
        secret = f"exec:true http://ann:{PASSWORD}@host/ --token {PASSWORD}"
        with tempfile.TemporaryDirectory() as folder:
            process = run("run", "-n", "4", "-r", "1", "-s", secret, "-o", folder)
            self.assert_hidden(folder, process.stdout, process.stderr)
            self.assertIn("exec:true http://***@host/ --token ***", process.stderr)

    def test_of_an_earlier_version_s_result_are_hidden_when_it_is_told_again(self):
        with guarded_url() as url, tempfile.TemporaryDirectory() as folder:
            result = pathlib.Path(folder) / "result.json"
            run("run", "--target", url, *SHORT, "-s", "callback", "--json", result)
            shown = url.replace("ann:s3cr%40t!", "***")
            old = result.read_text().replace(shown, url)
            self.assertIn("s3cr%40t", old)
            result.write_text(old)
            told = [run("report", result, "--format", form).stdout for form in ("markdown", "json")]
            page = run("report", result, "--html", "-")
            self.assertEqual(page.returncode, 0, page.stderr)
            result.unlink()
            self.assert_hidden(folder, page.stdout, *told)

    def test_are_not_seen_by_ps(self):
        with guarded_url() as url:
            process = subprocess.Popen(
                [asyncbench.EXECUTABLE, "run", "--target", url, "-d", "2s", "-c", "1", "-r", "1", "-s", "callback",
                 "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                # No program can hide its arguments before it begins.
                while "***" not in self.commands_of_group_of(process.pid).get("run", "") and process.poll() is None:
                    time.sleep(0.01)
                seen = set()
                while process.poll() is None and len(seen) < 2:
                    for name, command in self.commands_of_group_of(process.pid).items():
                        seen.add(name)
                        self.assert_hidden("/nonexistent", command)
                    time.sleep(0.01)
                self.assertEqual(seen, {"run", "trial"})
            finally:
                process.kill()
                process.wait()

    @staticmethod
    def commands_of_group_of(pid):
        """Of the program and its children, by what they do."""
        commands = {}
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError, IndexError):
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
                if int(entry.name) == pid or parent == pid:
                    commands[command.split("\0")[1]] = command
        return commands


if __name__ == "__main__":
    unittest.main()
