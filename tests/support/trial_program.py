"""Talks to a program that does trials as asyncbench does, against a target or a server that is none."""

import contextlib
import http.server
import json
import subprocess
import threading
import urllib.request

import asyncbench

NO_FAULTS = {"close": 0.0, "truncate": 0.0, "stall": 0.0, "dribble": 0.0}
CLOSED = {"kind": "closed", "concurrency": 8, "requests": 0, "duration_ns": 200_000_000}
OPEN = {"kind": "open", "concurrency": 20, "requests": 0, "duration_ns": 300_000_000, "rate_rps": 300.0}


def start_target(test, *flags):
    """The URL of a mock target that ends with the test."""
    command = [asyncbench.EXECUTABLE, "target", "mock", "--port", "0", "--end-with-parent", *flags]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    test.addCleanup(process.communicate)
    test.addCleanup(process.terminate)
    return f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"


def held(base_url):
    """What the target tells of how long it held the requests of the trial."""
    with urllib.request.urlopen(f"{base_url}/stats/t") as response:
        return json.load(response)["held"]


def do_trial(command, base_url, plan, latency="0s", *, strategy="exec:this", verify=True, **profile):
    """The result of the program's trial."""
    spec = {
        "protocol": 1, "trial": "t", "strategy": strategy, "seed": 1, "base_url": base_url, "verify": verify,
        "plan": {"rate_rps": 0.0, "arrivals": "constant"} | plan, "warmup_ns": 0, "timeout_ns": 10_000_000_000,
        "profile": {"latency": latency, "payload_bytes": 1024, "error_rate": 0.0, "faults": NO_FAULTS,
                    "compute_ns": 0} | profile,
    }  # fmt: skip
    talk = f"{json.dumps(spec)}\ngo\n"
    process = subprocess.run(command, input=talk, capture_output=True, text=True, timeout=60, check=True)
    return json.loads(process.stdout.splitlines()[1])


class _Foreign(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response(200)
        for name, value in self.server.fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def foreign_server(**fields):
    """The URL of a server that knows nothing of trials; `Held_Ns="5"` is a field of its answers."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Foreign) as server:
        server.daemon_threads = True
        server.fields = {name.replace("_", "-"): value for name, value in fields.items()}
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
