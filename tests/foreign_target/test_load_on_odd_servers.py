"""`asyncbench load` against servers that use what HTTP/1.1 allows and few servers do, or that break it."""

import http.server
import itertools
import json
import socket
import socketserver
import struct
import threading
import time
import unittest

import asyncbench

HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"


class OddServer(socketserver.ThreadingTCPServer):
    """Calls `serve(connection)` for each connection, and closes it after that."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, serve):
        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                try:
                    serve(Connection(self.request))
                except OSError:
                    pass  # the client has gone

        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Connection:
    def __init__(self, sock):
        self._socket = sock
        self._bytes = b""
        self.send = sock.sendall

    def has_request(self):
        """Whether one more came, which is read."""
        while b"\r\n\r\n" not in self._bytes:
            more = self._socket.recv(65536)
            if not more:
                return False
            self._bytes += more
        self._bytes = self._bytes.partition(b"\r\n\r\n")[2]
        return True

    def reset(self):
        """Ends with a reset in place of an orderly close."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()


def pieces(*texts, pause=0.0):
    """A server that answers each request with these pieces."""

    def serve(connection):
        while connection.has_request():
            for text in texts:
                connection.send(text)
                time.sleep(pause)

    return serve


def one_then_close(text, reset=False):
    def serve(connection):
        if connection.has_request():
            connection.send(text)
            if reset:
                connection.reset()

    return serve


def closes_as_the_next_request_comes(connection):
    """The race of a server that gives up an idle connection just then."""
    if connection.has_request():
        connection.send(HELLO)
        connection.has_request()
        connection.reset()


def load(url, *arguments, requests=60):
    """The one trial of a short load, and the exit status."""
    process = asyncbench.run(asyncbench.EXECUTABLE, "load", url, "--quiet", "-n", requests, "-c", "3", *arguments,
                             "--json", "-")
    if not process.stdout:
        raise AssertionError(process.stderr)
    return json.loads(process.stdout)["trials"][0], process.returncode


BOTH = ("uring", "epoll")


class OddResponses(unittest.TestCase):
    def expect_whole(self, serve, body_bytes, statuses, *arguments):
        with OddServer(serve) as server:
            for io in BOTH:
                with self.subTest(io=io):
                    trial, status = load(server.url, *arguments, "--io", io)
                    self.assertEqual(status, 0, trial["warnings"])
                    self.assertEqual(trial["statuses"], statuses)
                    self.assertEqual(trial["metrics"]["response_bytes_per_request"], body_bytes)
                    self.assertNotIn("failure_reasons", trial)

    def test_interim_responses_are_none(self):
        self.expect_whole(
            pieces(b"HTTP/1.1 103 Early Hints\r\nLink: </s.css>; rel=preload\r\n\r\n",
                   b"HTTP/1.1 102 Processing\r\n\r\n" + HELLO, pause=0.001), 5, {"200": 60})

    def test_a_status_line_needs_no_reason_and_names_may_have_any_case(self):
        self.expect_whole(pieces(b"HTTP/1.1 200\r\nCONTENT-LENGTH: 5\r\nconTENT-tYPE: text/plain\r\n\r\nhello"), 5,
                          {"200": 60})

    def test_chunks_have_extensions_and_trailers(self):
        self.expect_whole(
            pieces(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n",
                   b'5;ext="a;b"\r\nhello\r\n', b"1\r\n!\r\n0\r\nX-Sum: 1\r\n\r\n"), 6, {"200": 60})

    def test_204_and_304_have_no_body_whatever_their_length_says(self):
        for text in (b"HTTP/1.1 204 No Content\r\n\r\n", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 1234\r\n\r\n"):
            self.expect_whole(pieces(text), 0, {text.split()[1].decode(): 60})

    def test_a_response_to_head_has_none_either(self):
        self.expect_whole(pieces(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), 0, {"200": 60}, "-X", "HEAD")

    def test_a_response_may_come_byte_by_byte(self):
        self.expect_whole(pieces(*(bytes([byte]) for byte in HELLO), pause=0.0001), 5, {"200": 60})

    def test_a_head_may_have_100_kilobytes(self):
        self.expect_whole(
            pieces(b"HTTP/1.1 200 OK\r\nX-Big: " + b"a" * 100_000 + b"\r\nContent-Length: 2\r\n\r\nok"), 2, {"200": 60})

    def test_a_body_may_end_with_its_connection(self):
        for version in (b"1.0", b"1.1"):
            self.expect_whole(one_then_close(b"HTTP/" + version + b" 200 OK\r\n\r\n" + b"y" * 3000), 3000, {"200": 60})

    def test_a_server_may_end_a_connection_after_each_response(self):
        for text in (HELLO, HELLO.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")):
            self.expect_whole(one_then_close(text), 5, {"200": 60})

    def test_a_connection_that_ends_as_the_next_request_comes_fails_none(self):
        self.expect_whole(closes_as_the_next_request_comes, 5, {"200": 60})


class WrongResponses(unittest.TestCase):
    def expect_failure(self, serve, error, words):
        with OddServer(serve) as server:
            for io in BOTH:
                with self.subTest(io=io):
                    trial, status = load(server.url, "--io", io, "--timeout", "300ms", requests=6)
                    self.assertEqual(status, 4)
                    self.assertEqual(trial["errors"][error], 6, trial["errors"])
                    self.assertIn(words, trial["failure_reasons"][0]["message"])

    def test_bytes_that_are_no_http(self):
        self.expect_failure(pieces(b"220 mail.example ESMTP\r\n"), "other", "")

    def test_two_lengths_that_differ(self):
        self.expect_failure(pieces(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), "other",
                            "")

    def test_a_body_that_is_cut_off(self):
        self.expect_failure(one_then_close(HELLO[:-1]), "closed", "closed")

    def test_a_connection_that_is_reset_within_the_response(self):
        self.expect_failure(one_then_close(HELLO[:-1], reset=True), "closed", "reset")

    def test_a_server_that_never_answers(self):
        self.expect_failure(pieces(), "timeout", "timeout")

    def test_an_endless_head_is_given_up(self):
        def serve(connection):
            if connection.has_request():
                connection.send(b"HTTP/1.1 200 OK\r\n")
                while True:
                    connection.send(b"X-Again: " + b"a" * 1000 + b"\r\n")

        self.expect_failure(serve, "other", "")

    def test_bytes_that_nobody_asked_for_end_the_connection(self):
        with OddServer(pieces(HELLO + b"stray bytes\r\n")) as server:
            trial, _ = load(server.url)
            self.assertEqual(trial["statuses"], {"200": 60})
            self.assertGreater(trial["metrics"]["connections_opened"], 3)

    def test_a_server_that_fails_after_a_while_is_reported_by_status(self):
        number = itertools.count()

        def serve(connection):
            while connection.has_request():
                busy = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\nbusy"
                connection.send(HELLO if next(number) < 30 else busy)

        with OddServer(serve) as server:
            trial, status = load(server.url)
            self.assertEqual(status, 0)
            self.assertEqual(trial["statuses"], {"200": 30, "503": 30})
            self.assertEqual(trial["errors"]["status"], 30)


class PythonsServer(unittest.TestCase):
    def test_both_versions_that_it_speaks_are_answered_whole(self):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "5")
                self.end_headers()
                self.wfile.write(b"hello")

            def log_message(self, *_):
                pass

        for version in ("HTTP/1.0", "HTTP/1.1"):
            Handler.protocol_version = version
            with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
                threading.Thread(target=server.serve_forever, daemon=True).start()
                for io in BOTH:
                    with self.subTest(version, io=io):
                        trial, status = load(f"http://127.0.0.1:{server.server_port}/", "--io", io)
                        self.assertEqual(status, 0, trial["warnings"])
                        self.assertEqual(trial["statuses"], {"200": 60})
                server.shutdown()


if __name__ == "__main__":
    unittest.main()
