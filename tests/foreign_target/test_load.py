"""`asyncbench load` against a real nginx: HTTP/1.1 and HTTP/2, with TLS and without."""

import http.server
import json
import pathlib
import subprocess
import tempfile
import threading
import time
import unittest

import asyncbench
import histogram
from nginx import Nginx, free_port

SERVERS = """
  ssl_certificate {certificate};
  ssl_certificate_key {key};
  server {{
    listen 127.0.0.1:{http2} http2;
    listen 127.0.0.1:{https} ssl http2;
    location / {{ return 200 "hello\\n"; }}
    location = /missing {{ return 404; }}
    location = /large {{ root {directory}; }}
    location = /redirect {{ return 302 /; }}
    location = /login {{ add_header X-Token "a/b$arg_user"; return 200 '{{"token": "t$arg_user"}}'; }}
    location /echo/ {{ return 200 "$request_method $request_uri [$http_x_key]"; }}
    location = /events {{ proxy_pass http://127.0.0.1:{events}; proxy_http_version 1.1; proxy_buffering off; }}
  }}
  server {{
    listen 127.0.0.1:{https1} ssl;
    listen unix:{directory}/nginx.sock;
    listen unix:{directory}/tls.sock ssl;
    location / {{ return 200 "hello\\n"; }}
  }}
"""


def load(*arguments, requests=300):
    """The one trial of a short load, and the exit status."""
    process = asyncbench.run(
        asyncbench.EXECUTABLE, "load", "--quiet", "-n", requests, "-c", "5", *arguments, "--json", "-"
    )
    if not process.stdout:
        raise AssertionError(process.stderr)
    return json.loads(process.stdout)["trials"][0], process.returncode


class Events(http.server.BaseHTTPRequestHandler):
    """Four events, of which each is a chunk, with a pause before it."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for text in (b": hello\n\n", b"data: a\n\n", b"data: b\n\n", b"data: c\n\n", b"data: d\n\n"):
            time.sleep(0.01)
            self.wfile.write(b"%x\r\n%s\r\n" % (len(text), text))
        self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_):
        pass


class LoadOnNginx(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        cls.directory = pathlib.Path(directory.name)
        cls.certificate = cls.directory / "server.crt"
        key = cls.directory / "server.key"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out",
             str(cls.certificate)],
            check=True, capture_output=True,
        )
        cls.directory.chmod(0o755)
        (cls.directory / "large").write_bytes(b"x" * 3_000_000)
        cls.http2, cls.https, cls.https1 = free_port(), free_port(), free_port()
        cls.events = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Events)
        threading.Thread(target=cls.events.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.events.server_close)
        cls.addClassCleanup(cls.events.shutdown)
        cls.nginx = Nginx(SERVERS, certificate=cls.certificate, key=key, http2=cls.http2, https=cls.https,
                          https1=cls.https1, events=cls.events.server_port, directory=cls.directory)
        cls.nginx.__enter__()
        cls.addClassCleanup(cls.nginx.__exit__)

    def urls(self, path="/"):
        """Each protocol's URL with its flags."""
        trusted = ["--cacert", self.certificate]
        return {
            "http/1.1": [f"http://127.0.0.1:{self.nginx.port}{path}"],
            "https/1.1": [f"https://localhost:{self.https}{path}", *trusted],
            "http/2": [f"http://127.0.0.1:{self.http2}{path}", "--http", "2", "--streams", "4"],
            "https/2": [f"https://localhost:{self.https}{path}", "--http", "2", "--streams", "4", *trusted],
        }

    def test_each_protocol_is_answered_on_each_interface_of_the_kernel(self):
        for name, arguments in self.urls().items():
            for io in ("uring", "epoll"):
                with self.subTest(name, io=io):
                    trial, status = load(*arguments, "--io", io)
                    self.assertEqual(status, 0, trial["warnings"])
                    self.assertEqual(trial["statuses"], {"200": 300})
                    self.assertEqual(trial["load"]["connections_at_start"], 5)
                    self.assertEqual(histogram.count_of(trial["load"]["tls"]) > 0, name.startswith("https"))
                    self.assertEqual(trial["metrics"]["response_bytes_per_request"], len("hello\n"))

    def test_a_body_of_many_pieces_is_counted_whole(self):
        for name, arguments in self.urls("/large").items():
            if name != "http/1.1":  # whose server has no such file
                with self.subTest(name):
                    trial, status = load(*arguments, requests=20)
                    self.assertEqual(status, 0, trial["warnings"])
                    self.assertEqual(trial["metrics"]["response_bytes_per_request"], 3_000_000)

    def test_a_status_is_an_error_in_each_protocol(self):
        for name, arguments in self.urls("/missing").items():
            with self.subTest(name):
                trial, _ = load(*arguments)
                self.assertEqual(trial["errors"]["status"], 300)
                self.assertEqual(load(*arguments, "--expect", "404")[0]["errors"]["status"], 0)

    def write(self, name, text):
        path = self.directory / name
        path.write_text(text)
        return path

    def test_requests_with_variables_are_sent_by_each_protocol(self):
        csv = self.write("users.csv", 'user,key\n"a b",one\nc,two\n')
        targets = self.write("targets", "GET /echo/{{user}}/{{n}}\nX-Key: {{key}}\n\nPUT /echo/{{user}}/{{n}}\n"
                                        "X-Key: {{key}}\n")
        for name, arguments in self.urls().items():
            if name == "http/1.1":  # whose server has no such location
                continue
            with self.subTest(name):
                trial, status = load(*arguments, "--targets", targets, "--var-file", csv, "--var", "n=random:10,99",
                                     "--check", r"body matches ^(GET|PUT) /echo/(a%20b/\d\d \[one|c/\d\d \[two)\]$",
                                     "--check", "header Content-Length exists")
                self.assertEqual(status, 0)
                self.assertEqual(trial["errors"]["unforeseen"], 0, trial)

    def test_a_body_with_variables_is_sent_whole_by_each_protocol(self):
        for name, arguments in self.urls().items():
            with self.subTest(name):
                trial, status = load(*arguments, "--data", "id={{n}}", "--var", "n=counter:95", "-m", "POST")
                self.assertEqual(status, 0)
                self.assertEqual(trial["statuses"], {"200": 300})

    def test_steps_send_what_was_captured_by_each_protocol(self):
        steps = self.write("steps", '''
            {"name": "log in", "url": "/login?user={{n}}", "capture": {"t": "json /token", "h": "header X-Token"}}
            {"url": "/echo/{{t}}", "header": {"X-Key": ["{{h}}"]}, "check": "body matches ^GET /echo/t(.+) .a/b"}
            {"url": "/missing", "expect": 404}
            ''')
        for name, arguments in self.urls().items():
            if name == "http/1.1":
                continue
            with self.subTest(name):
                trial, status = load(*arguments, "--steps", steps, "--var", "n=counter")
                self.assertEqual(status, 0)
                self.assertEqual(trial["errors"]["unforeseen"], 0, trial)
                # Each of at most 20 users may have begun a round of three steps that it did not end.
                self.assertIn(trial["statuses"]["404"], range(86, 101))

    def test_a_connection_for_each_request_resumes_the_session_of_tls(self):
        url = self.urls()["https/1.1"]
        trial, status = load(*url, "--no-keepalive", requests=100)
        self.assertEqual(status, 0, trial["warnings"])
        self.assertEqual(histogram.count_of(trial["load"]["tls"]), 100)

    def test_a_certificate_that_is_not_trusted_is_told_in_its_words(self):
        trial, status = load(f"https://localhost:{self.https}/", requests=10)
        self.assertEqual(status, 4)
        self.assertIn("self-signed certificate", trial["failure_reasons"][0]["message"])

    def test_a_server_without_http2_is_told_as_that(self):
        trial, status = load(f"http://127.0.0.1:{self.nginx.port}/", "--http", "2", requests=10)
        self.assertEqual(status, 4)
        self.assertIn("HTTP/2", trial["failure_reasons"][0]["message"])

    def test_a_server_without_http2_over_tls_is_told_as_that(self):
        trial, status = load(f"https://localhost:{self.https1}/", "-k", "--http", "2", requests=10)
        self.assertEqual(status, 4)
        self.assertRegex(trial["failure_reasons"][0]["message"], "HTTP.*ALPN")
        self.assertEqual(trial["errors"]["connect"], 10)

    def test_the_server_chooses_the_version_where_it_may(self):
        for port, version in ((self.https, "2"), (self.https1, "1.1")):
            with self.subTest(version):
                trial, status = load(f"https://localhost:{port}/", "-k", "--http", "auto", "--streams", "2")
                self.assertEqual(status, 0, trial["warnings"])
                self.assertEqual(trial["load"]["http"], version)
                self.assertEqual(trial["statuses"], {"200": 300})
        trial, _ = load(f"http://127.0.0.1:{self.nginx.port}/", "--http", "auto")
        self.assertEqual(trial["load"]["http"], "1.1")

    def test_a_unix_socket_is_served_on_each_interface_of_the_kernel(self):
        plain = ["http://app.example/", "--unix-socket", self.directory / "nginx.sock"]
        tls = ["https://localhost/", "--cacert", self.certificate, "--unix-socket", self.directory / "tls.sock"]
        for arguments, io in ((plain, "uring"), (plain, "epoll"), (tls, "uring")):
            with self.subTest(arguments[0], io=io):
                trial, status = load(*arguments, "--io", io)
                self.assertEqual(status, 0, trial["warnings"])
                self.assertEqual(trial["statuses"], {"200": 300})
                self.assertEqual(trial["load"]["stamped"], 0)
                self.assertIn("without-stamps", [warning["code"] for warning in trial["warnings"]])

    def test_the_events_of_a_stream_are_counted_in_each_protocol(self):
        urls = self.urls("/events")
        urls["http/1.1"] = [f"http://127.0.0.1:{self.events.server_port}/"]
        for name, arguments in urls.items():
            with self.subTest(name):
                trial, status = load(*arguments, requests=20)
                self.assertEqual(status, 0, trial["warnings"])
                streams = trial["load"]["streams"]
                self.assertEqual((streams["responses"], streams["events"]), (20, 80))
                self.assertEqual(histogram.count_of(streams["first_event"]), 20)
                self.assertEqual(histogram.count_of(streams["event_gap"]), 60)

    def test_streams_without_http2_are_wrong_usage(self):
        process = asyncbench.run(asyncbench.EXECUTABLE, "load", "http://127.0.0.1:1/", "--streams", "4")
        self.assertEqual(process.returncode, 64)
        self.assertIn("--http 2", process.stderr)


if __name__ == "__main__":
    unittest.main()
