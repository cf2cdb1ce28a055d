"""The article's example: coroutines that fetch, gathered, on a loop that run() makes."""

import http.server
import threading
import time
import unittest

import asyncbench

FETCH_DATA = asyncbench.BUILD_DIR / "examples/fetch_data/fetch_data"
DELAYS_MS = {"/slow": 60, "/quick": 0, "/middle": 30}


class Handler(http.server.BaseHTTPRequestHandler):
    all_here = None  # passed by three at once or by none: that the requests overlap is no matter of time

    def do_GET(self):
        if self.path not in DELAYS_MS:
            self.send_error(404)
            return
        try:
            Handler.all_here.wait(timeout=30)
        except threading.BrokenBarrierError:
            self.send_error(503)
            return
        time.sleep(DELAYS_MS[self.path] / 1000)
        body = f"data of {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class FetchData(unittest.TestCase):
    def setUp(self):
        # Each test's own: requests that a test left behind must not count in the next.
        Handler.all_here = threading.Barrier(len(DELAYS_MS))
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()

    def test_prints_what_it_fetched_at_once_in_the_order_of_the_urls(self):
        process = asyncbench.run(FETCH_DATA, *(self.url + path for path in DELAYS_MS))
        self.assertEqual(process.stderr, "")
        self.assertEqual(process.returncode, 0)
        self.assertEqual(process.stdout, "data of /slow\ndata of /quick\ndata of /middle\n")

    def test_says_what_it_could_not_fetch(self):
        process = asyncbench.run(FETCH_DATA, self.url + "/missing")
        self.assertEqual(process.returncode, 1)
        self.assertIn("/missing gave no data: status 404", process.stderr)

    def test_ends_the_other_fetches_where_one_fails(self):
        process = asyncbench.run(FETCH_DATA, self.url + "/missing", *(self.url + path for path in DELAYS_MS))
        self.assertEqual((process.returncode, process.stdout), (1, ""))
        self.assertIn("/missing gave no data: status 404", process.stderr)

    def test_prints_nothing_for_no_urls(self):
        process = asyncbench.run(FETCH_DATA)
        self.assertEqual((process.returncode, process.stdout, process.stderr), (0, "", ""))


if __name__ == "__main__":
    unittest.main()
