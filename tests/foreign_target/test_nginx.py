"""`--target URL` against a server that knows nothing of asyncbench: a real nginx."""

import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import asyncbench

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")
CLIENT = f"exec:{sys.executable} {asyncbench.SOURCE_DIR}/examples/python_trial/client.py"

CONFIGURATION = """
daemon off;
master_process off;
pid {directory}/nginx.pid;
events {{ worker_connections 256; }}
http {{
  log_format one_line "$request_method $request_uri $status";
  access_log {directory}/access.log one_line;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  keepalive_requests 1000000;
  server {{
    listen 127.0.0.1:{port};
    location = / {{ return 200 "hello\\n"; }}
    location = /missing {{ return 404; }}
  }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nginx:
    """One process in the foreground, with a directory and a port of its own."""

    def __enter__(self):
        self._directory = tempfile.TemporaryDirectory()
        self.directory = pathlib.Path(self._directory.name)
        self.port = free_port()
        configuration = self.directory / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(directory=self.directory, port=self.port))
        command = [NGINX, "-p", str(self.directory), "-e", "stderr", "-c", str(configuration)]
        self._process = subprocess.Popen(command)
        try:
            self._wait_until_it_listens()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait_until_it_listens(self):
        for _ in range(500):
            if self._process.poll() is not None:
                raise AssertionError(f"nginx ended with status {self._process.returncode}")
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except ConnectionRefusedError:
                time.sleep(0.01)
        raise AssertionError("nginx does not listen")

    def stop(self):
        """Ends it; afterwards its log is complete."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(timeout=20)

    def log(self):
        return (self.directory / "access.log").read_text().splitlines()

    def __exit__(self, *_):
        if self._process.poll() is None:
            self.stop()
        self._directory.cleanup()


class ForeignTarget(unittest.TestCase):
    def test_is_measured_and_the_result_says_what_proves_the_work(self):
        with Nginx() as nginx:
            url = f"http://127.0.0.1:{nginx.port}/"
            strategies = f"sequential,thread-pool,callback,coroutine,callback-poll,{CLIENT}"
            flags = ("-s", strategies, "-c", "4", "-n", "200", "-r", "1", "--warmup", "0s")
            result = asyncbench.measure(self, *flags, "--target", url)
            nginx.stop()
            log = nginx.log()
        self.assertEqual(result["scenario"]["target"], url)
        self.assertEqual(len(result["trials"]), 6)
        for trial in result["trials"]:
            self.assertIn("server-count-unknown", asyncbench.codes(trial))
            self.assertNotIn("target", trial, "nginx counts nothing for us")
            self.assertEqual(trial["client"]["count"], 200)
            self.assertEqual(trial["errors"]["unforeseen"], 0)
            self.assertGreater(trial["metrics"]["throughput_rps"], 0)
            self.assertIsNone(trial["metrics"].get("ideal_rps"), "nobody knows its delays")
        # nginx's own count: those of the trials, and one that asked whether it answers at all.
        self.assertEqual(set(log), {"GET / 200"})
        self.assertEqual(len(log), 6 * 200 + 1)

    def test_that_refuses_the_url_is_named_before_anything_is_measured(self):
        with Nginx() as nginx:
            url = f"http://127.0.0.1:{nginx.port}/missing"
            process = asyncbench.run(asyncbench.EXECUTABLE, "run", "-s", "callback", "--target", url)
        self.assertEqual(process.returncode, 1)
        self.assertIn("404", process.stderr)
        self.assertIn(url, process.stderr)


if __name__ == "__main__":
    unittest.main()
