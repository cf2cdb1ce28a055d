"""What a server that is not asyncbench's is asked, and how it is trusted: options as curl has them."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from collections import Counter

import asyncbench

SERVER = asyncbench.SOURCE_DIR / "tests/support/recording_server.py"
CLIENT = f"exec:{sys.executable} {asyncbench.SOURCE_DIR}/examples/python_trial/client.py"
STRATEGIES = ("sequential", "thread-pool", "callback", "coroutine", "callback-poll", "native", "coroutine-asio",
              "thread-per-request")
REQUESTS = 40
# Where some machines name certificates, too.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name not in ("SSL_CERT_FILE", "CURL_CA_BUNDLE")}


def make_certificate(directory, name, *more):
    """A certificate that signs itself and its key, in two files and in one."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}",
         "-keyout", directory / f"{name}.key", "-out", directory / f"{name}.crt", *more],
        check=True, capture_output=True)
    both = directory / f"{name}.pem"
    both.write_text((directory / f"{name}.key").read_text() + (directory / f"{name}.crt").read_text())
    return both


class WithAServer(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.directory = pathlib.Path(temporary.name)
        self.log = self.directory / "requests"

    def serve(self, *flags):
        server = subprocess.Popen([sys.executable, SERVER, "--log", self.log, *flags], stdout=subprocess.PIPE, text=True)
        self.addCleanup(server.stdout.close)
        self.addCleanup(server.wait)
        self.addCleanup(server.kill)
        return int(server.stdout.readline())

    def run_it(self, url, *flags, strategy="callback", environment=()):
        """A batch without warm-up: the process, and what the server was asked since the last."""
        self.log.write_text("")
        process = asyncbench.run(
            asyncbench.EXECUTABLE, "run", "--target", url, "-s", strategy, "-n", REQUESTS, "-c", 4, "-r", 1,
            "--warmup", 0, "--quiet", "--json", "-", *flags, env={**ENVIRONMENT, **dict(environment)})
        return process, [json.loads(line) for line in self.log.read_text().splitlines()]

    def measure(self, url, *flags, **options):
        process, asked = self.run_it(url, *flags, **options)
        self.assertEqual(process.returncode, 0, process.stderr)
        trial = json.loads(process.stdout)["trials"][0]
        self.assertEqual(trial["metrics"]["requests"], REQUESTS)
        self.assertEqual(trial["metrics"]["errors"], 0)
        return asked


class Requests(WithAServer):
    def test_have_method_headers_and_body_whatever_the_strategy(self):
        port = self.serve("--only", "PATCH")
        for strategy in (*STRATEGIES, CLIENT):
            asked = self.measure(f"http://127.0.0.1:{port}/x", "-X", "PATCH", "-H", "Content-Type: application/json",
                                 "-H", "X-Mine: a, b", "--data", '{"ü": 1}', strategy=strategy)
            self.assertEqual(len(asked), REQUESTS + 1, "the probe asks once")
            for each in asked:
                self.assertEqual((each["method"], each["path"]), ("PATCH", "/x"), strategy)
                self.assertEqual(each["headers"]["Content-Type"], "application/json")
                self.assertEqual(each["headers"]["X-Mine"], "a, b")
                self.assertEqual(each["body"].encode("latin-1").decode(), '{"ü": 1}')

    def test_may_have_a_file_as_body(self):
        body = self.directory / "body"
        body.write_bytes(bytes(range(256)) * 300)
        port = self.serve()
        for strategy in ("sequential", "callback", CLIENT):
            asked = self.measure(f"http://127.0.0.1:{port}/", "--data", f"@{body}", strategy=strategy)
            self.assertEqual({(each["method"], each["body"]) for each in asked},
                             {("POST", body.read_bytes().decode("latin-1"))})

    def test_may_be_without_what_is_sent_by_itself(self):
        port = self.serve()
        asked = self.measure(f"http://127.0.0.1:{port}/", "-X", "head", "-H", "Accept:", "-H", "X-Empty;")
        for each in asked:
            self.assertEqual(each["method"], "HEAD")
            self.assertNotIn("Accept", each["headers"])
            self.assertEqual(each["headers"]["X-Empty"], "")

    def test_ask_for_paths_by_weight_the_same_in_every_strategy(self):
        port = self.serve()
        flags = ("--path", "3:/a", "--path", "/b?n=1", "--seed", "7")
        counts = {}
        for strategy in (*STRATEGIES, CLIENT):
            asked = Counter(each["path"] for each in self.measure(f"http://127.0.0.1:{port}/api/", *flags,
                                                                  strategy=strategy))
            counts[strategy] = asked - Counter(["/api/a", "/api/b?n=1"])  # the probe asks for each once
        drawn = counts["sequential"]
        self.assertEqual(set(drawn), {"/api/a", "/api/b?n=1"})
        self.assertGreater(drawn["/api/a"], drawn["/api/b?n=1"])
        for strategy, asked in counts.items():
            self.assertEqual(asked, drawn, strategy)

    def test_that_are_refused_are_told_before_the_first_trial(self):
        port = self.serve("--only", "POST")
        process, _ = self.run_it(f"http://127.0.0.1:{port}", "-X", "PUT", "--path", "/a")
        self.assertEqual(process.returncode, 1)
        self.assertIn(f"http://127.0.0.1:{port}/a answers a PUT with status 405", process.stderr)

    def test_stand_in_the_report_without_their_secrets(self):
        port = self.serve()
        process = asyncbench.run(
            asyncbench.EXECUTABLE, "run", "--target", f"http://127.0.0.1:{port}", "-s", "callback", "-n", 40, "-r", 1,
            "--warmup", 0, "--quiet", "-H", "X-Api-Key: hunter2", "--data", "a=1", "--path", "/a", "--path", "2:/b")
        self.assertEqual(process.returncode, 0, process.stderr)
        self.assertIn("POST /a (1 of 3), /b (2 of 3) with X-Api-Key and a body", " ".join(process.stdout.split()))

    def test_go_to_a_name_in_other_letters(self):
        port = self.serve()
        for locale in ("C", "C.UTF-8"):
            asked = self.measure(f"http://bücher.localhost:{port}/straße", environment={"LC_ALL": locale})
            self.assertEqual({each["headers"]["Host"] for each in asked}, {f"xn--bcher-kva.localhost:{port}"})
            self.assertEqual({each["path"].lower() for each in asked}, {"/stra%c3%9fe"})


class Tls(WithAServer):
    def setUp(self):
        super().setUp()
        self.pem = make_certificate(self.directory, "localhost", "-addext", "subjectAltName=DNS:localhost")
        self.authority = self.directory / "localhost.crt"

    def test_that_is_not_trusted_says_how_to_trust_it(self):
        port = self.serve("--certificate", self.pem)
        process, asked = self.run_it(f"https://localhost:{port}/")
        self.assertEqual((process.returncode, asked), (1, []))
        for text in ("certificate problem", "--cacert FILE", "-k"):
            self.assertIn(text, process.stderr)

    def test_is_trusted_by_flag_or_environment_whatever_the_strategy(self):
        port = self.serve("--certificate", self.pem)
        for strategy in (*STRATEGIES, CLIENT):
            self.measure(f"https://localhost:{port}/", "-k", strategy=strategy)
        for strategy in ("callback", CLIENT):
            self.measure(f"https://localhost:{port}/", "--cacert", self.authority, strategy=strategy)
        for name in ("SSL_CERT_FILE", "CURL_CA_BUNDLE"):
            self.measure(f"https://localhost:{port}/", environment={name: str(self.authority)})

    def test_of_another_name_is_not_trusted(self):
        port = self.serve("--certificate", self.pem)
        process, _ = self.run_it(f"https://127.0.0.1:{port}/", "--cacert", self.authority)
        self.assertEqual(process.returncode, 1)
        self.assertIn("127.0.0.1", process.stderr)
        self.measure(f"https://127.0.0.1:{port}/", "--insecure")

    def test_may_ask_for_a_certificate_of_ours(self):
        make_certificate(self.directory, "client")
        ours, key, both = (self.directory / f"client.{end}" for end in ("crt", "key", "pem"))
        port = self.serve("--certificate", self.pem, "--client-authority", ours)
        url = f"https://localhost:{port}/"
        process, _ = self.run_it(url, "-k")
        self.assertEqual(process.returncode, 1)
        self.assertIn("--cert FILE", process.stderr)
        for strategy in ("callback", CLIENT):
            self.measure(url, "-k", "--cert", ours, "--key", key, strategy=strategy)
        self.measure(url, "-k", "-E", both)

    def test_with_an_encrypted_key_asks_nobody(self):
        make_certificate(self.directory, "client")
        locked = self.directory / "locked.key"
        subprocess.run(["openssl", "pkey", "-in", self.directory / "client.key", "-aes256", "-passout", "pass:secret",
                        "-out", locked], check=True, capture_output=True)
        port = self.serve("--certificate", self.pem)
        process, _ = self.run_it(f"https://localhost:{port}/", "-k", "--cert", self.directory / "client.crt", "--key",
                                 locked)
        self.assertEqual(process.returncode, 1)
        self.assertIn("--key", process.stderr)

    def test_where_nobody_speaks_it_says_so(self):
        port = self.serve()
        process, _ = self.run_it(f"https://localhost:{port}/")
        self.assertEqual(process.returncode, 1)
        self.assertIn("http://", process.stderr)


class ServersOfTheGate(WithAServer):
    def gate(self, *flags, server=""):
        command = f"exec {sys.executable} {SERVER} --port {{port}} {server}"
        return asyncbench.run(
            asyncbench.EXECUTABLE, "gate", "--base-target", command, "--head-target", command, "-s", "callback", "-c", 4,
            "-n", REQUESTS, "--looks", 2, "--no-confirm", "--quiet", "--json", "-", "--start-timeout", "5s", *flags)

    def asked(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def test_are_asked_with_the_same_options(self):
        process = self.gate("-X", "POST", "-H", "X-Mine: 1", "--data", "abc", "--path", "/a", "--path", "/b",
                            server=f"--only POST --log {self.log}")
        self.assertIn(process.returncode, (0, 2), process.stderr)
        result = json.loads(process.stdout)
        self.assertEqual(result["scenario"]["paths"], ["/a", "/b"])
        self.assertFalse([each for each in result["samples"] if each["failure"]])
        asked = self.asked()
        self.assertEqual({each["path"] for each in asked}, {"/a", "/b"})
        for each in asked:
            self.assertEqual((each["method"], each["headers"]["X-Mine"], each["body"]), ("POST", "1", "abc"))

    def test_may_speak_tls(self):
        pem = make_certificate(self.directory, "localhost")
        process = self.gate("--https", "-k", server=f"--certificate {pem} --log {self.log}")
        self.assertIn(process.returncode, (0, 2), process.stderr)
        self.assertGreater(len(self.asked()), 4 * REQUESTS)

    def test_that_are_not_ready_are_named_with_what_was_tried(self):
        process = self.gate("--path", "/a", server="--only POST")
        self.assertEqual(process.returncode, 1)
        self.assertRegex(process.stderr, "answers with status 405.* at http://127.0.0.1:[0-9]+/a")


if __name__ == "__main__":
    unittest.main()
