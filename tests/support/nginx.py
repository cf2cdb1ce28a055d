"""A real nginx in the foreground, with a directory and ports of its own."""

import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time

NGINX = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin")

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
  {servers}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nginx:
    """One process. `servers` are more blocks of its configuration; what stands in braces there is filled in."""

    def __init__(self, servers="", **values):
        self._servers = servers.format(**values)

    def __enter__(self):
        self._directory = tempfile.TemporaryDirectory()
        self.directory = pathlib.Path(self._directory.name)
        self.port = free_port()
        configuration = self.directory / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(directory=self.directory, port=self.port, servers=self._servers))
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
