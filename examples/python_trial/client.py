#!/usr/bin/env python3
"""A strategy in Python's standard library alone (3.11 or later): asyncio, one coroutine a user.

    asyncbench run -s coroutine,exec:'python3 examples/python_trial/client.py'

Speaks the trial protocol, version 1 (docs/trial-protocol.md): reads a spec, warms up, says that it is ready,
waits for `go`, does the work and writes what it measured.
"""

import asyncio
import itertools
import json
import math
import resource
import selectors
import sys
import time
from collections import Counter
from urllib.parse import urlsplit

TIMELINE_LENGTH = 256


# What each request is: the same pure functions of (profile, seed, id) that asyncbench and its target use.


def mix64(x):
    mask = 0xFFFFFFFFFFFFFFFF
    x = (x + 0x9E3779B97F4A7C15) & mask
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & mask
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & mask
    return x ^ (x >> 31)


def random_unit(seed, request_id, stream):
    """A number in [0, 1) that depends on its arguments alone."""
    return (mix64(mix64(mix64(seed) + request_id) + stream) >> 11) * 2.0**-53


def expected_outcome(profile, seed, request_id):
    """How request `request_id` must end: its status, or the class of its error."""
    u = random_unit(seed, request_id, 2)
    for share, outcome in (
        (profile["error_rate"], 500),
        (profile["faults"]["close"], "closed"),
        (profile["faults"]["truncate"], "closed"),
        (profile["faults"]["stall"], "timeout"),
    ):
        u -= share
        if u < 0:
            return outcome
    return 200


def is_expected_body(body, profile, seed, request_id):
    """Judged by length, content tag and last byte, so that a large body costs no more than a small one."""
    length = profile["payload_bytes"]
    tag = b"%016x" % mix64(mix64(seed) ^ request_id)
    if len(body) != length or body[:16] != tag[:length]:
        return False
    return length <= len(tag) or body.endswith(b".")


# HTTP/1.1 over asyncio's streams.


class Connection:
    """A keep-alive connection, opened by the first request and anew after one that failed."""

    def __init__(self, base_url):
        url = urlsplit(base_url)
        self._address = (url.hostname, url.port or (443 if url.scheme == "https" else 80))
        self._tls = True if url.scheme == "https" else None
        self._host = url.netloc
        self._writer = None
        self.opened = 0

    async def get(self, path):
        """Returns (status, body). Raises ConnectError, OSError or EOFError."""
        if self._writer is None:
            try:
                self._reader, self._writer = await asyncio.open_connection(*self._address, ssl=self._tls)
            except OSError as error:
                raise ConnectError(str(error)) from error
            self.opened += 1
        try:
            self._writer.write(f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())
            status, headers = self._parse(await self._reader.readuntil(b"\r\n\r\n"))
            body = await self._read_body(headers)
        except BaseException:  # a timeout's cancellation too: what is left unread belongs to this request
            self.close()
            raise
        if headers.get("connection", "").lower() == "close":
            self.close()
        return status, body

    def close(self):
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    @staticmethod
    def _parse(head):
        status_line, *lines = head.decode("latin-1").split("\r\n")
        fields = (line.split(":", 1) for line in lines if line)
        return int(status_line.split(" ")[1]), {name.lower(): value.strip() for name, value in fields}

    async def _read_body(self, headers):
        if headers.get("transfer-encoding", "").lower() == "chunked":
            body = b""
            while size := int(await self._reader.readline(), 16):
                body += (await self._reader.readexactly(size + 2))[:-2]
            await self._reader.readline()
            return body
        if "content-length" in headers:
            return await self._reader.readexactly(int(headers["content-length"]))
        headers["connection"] = "close"  # nothing else tells where the body ends
        return await self._reader.read()


class ConnectError(Exception):
    pass


# The plan: which request when.


def tickets(plan, seed, start):
    """Yields (id, intended start) of each request, in order. All users draw from the same generator."""
    duration = plan["duration_ns"]
    if plan["kind"] == "batch":
        yield from ((request_id, start) for request_id in range(plan["requests"]))
    elif plan["kind"] == "closed":
        for request_id in itertools.count():
            now = time.monotonic_ns()
            if now - start >= duration:
                return
            yield request_id, now
    else:  # open: the schedule stands before the run, so that being late cannot change it
        rate, at = plan["rate_rps"], 0.0
        for request_id in itertools.count():
            if plan["arrivals"] == "constant":
                at = request_id * 1e9 / rate
            else:
                at -= 1e9 / rate * math.log1p(-random_unit(seed, request_id, 16))
            if at >= duration:
                return
            yield request_id, start + math.floor(at + 0.5)


class Recorder:
    def __init__(self, spec, start):
        self._spec = spec
        self._start = start
        self._last_end = start
        self._received = 0
        self._fingerprint = 0
        self._errors = Counter()
        self._service_times = Counter()
        self._response_times = Counter()
        self._timeline = []
        self._lateness = Counter()
        self._requests = 0
        self._sent_late = 0

    def end(self, request_id, intended, early, sent, reply, error):
        """`reply` is (status, body), or None where `error` names the class of the failure."""
        done = time.monotonic_ns()
        self._last_end = done
        self._requests += 1
        if early:
            self._lateness[three_digits(sent - intended)] += 1
        elif sent > intended:
            self._sent_late += 1
        if reply or error == "timeout":
            self._service_times[three_digits(done - sent)] += 1
            self._response_times[three_digits(done - intended)] += 1
        if request_id < TIMELINE_LENGTH:
            self._timeline.append([request_id] + [at - self._start for at in (intended, sent, done)])
        if reply:
            self._received += 1
            self._fingerprint += mix64(request_id)
        self._judge(request_id, reply, error)
        burn_cpu(self._spec["profile"]["compute_ns"])

    def _judge(self, request_id, reply, error):
        """Counts what went wrong, and apart from it what the profile did not ask for."""
        profile, seed = self._spec["profile"], self._spec["seed"]
        foreseen = False
        if self._spec["verify"]:
            expected = expected_outcome(profile, seed, request_id)
            if reply is None:
                foreseen = error == expected
            elif reply[0] != expected or not is_expected_body(reply[1], profile, seed, request_id):
                error = "content"
            elif expected >= 400:
                error, foreseen = "status", True
        elif reply and reply[0] >= 400:
            error = "status"
        if error:
            self._errors[error] += 1
            self._errors["unforeseen"] += not foreseen

    def result(self, connections_opened, usage):
        metrics = {"requests": self._requests, "connections_opened": connections_opened, "threads": 1}
        unknown = {}
        if self._requests:
            metrics |= usage.metrics(self._requests)
        if self._requests and self._spec["plan"]["kind"] == "open":
            metrics["offered_rps"] = self._spec["plan"]["rate_rps"]
            metrics["sent_late_share"] = self._sent_late / self._requests
            metrics["send_lateness_p99_ns"] = percentile_99(self._lateness)
            if not self._lateness:
                unknown["send_lateness_p99_ns"] = "no user had time to be punctual"
        columns = zip(*sorted(self._timeline))
        return {
            "event": "result",
            "elapsed_ns": self._last_end - self._start,
            "client": {"count": self._received, "fingerprint": f"{self._fingerprint % 2**64:016x}"},
            "errors": dict(self._errors),
            "service_time": {"values": sorted(self._service_times.items())},
            "response_time": {"values": sorted(self._response_times.items())},
            "timeline": dict(zip(("id", "intended_ns", "sent_ns", "done_ns"), columns)),
            "metrics": metrics,
            "unknown": unknown,
        }


def three_digits(value):
    """The middle of the bucket that an HDR histogram of 3 significant digits would count `value` in."""
    shift = max(value.bit_length() - 11, 0)
    return (value >> shift << shift) + (1 << shift) // 2


def burn_cpu(nanoseconds):
    """Time and not rounds of work: what the same work takes in Python says nothing about concurrency."""
    end = time.thread_time_ns() + nanoseconds
    while nanoseconds and time.thread_time_ns() < end:
        pass


def percentile_99(counted):
    """Of values that were counted; None of none."""
    rank = math.ceil(counted.total() * 0.99)
    for value, count in sorted(counted.items()):
        rank -= count
        if rank <= 0:
            return value
    return None


class Usage:
    """What this process uses between the object's making and stop()."""

    def __init__(self):
        self._before = resource.getrusage(resource.RUSAGE_SELF)

    def stop(self):
        self._after = resource.getrusage(resource.RUSAGE_SELF)

    def metrics(self, requests):
        def per_request(field):
            return (getattr(self._after, field) - getattr(self._before, field)) / requests

        user_us, system_us = per_request("ru_utime") * 1e6, per_request("ru_stime") * 1e6
        return {
            "cpu_us_per_request": user_us + system_us,
            "cpu_user_us_per_request": user_us,
            "cpu_system_us_per_request": system_us,
            "voluntary_switches_per_request": per_request("ru_nvcsw"),
            "involuntary_switches_per_request": per_request("ru_nivcsw"),
            "peak_rss_bytes": peak_rss_bytes(),
        }


def peak_rss_bytes():
    with open("/proc/self/status") as status:  # ru_maxrss would be the parent's where that was larger
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


# The strategy itself.


async def user(connection, shared_tickets, path_of, timeout, recorder):
    for request_id, intended in shared_tickets:
        wait = intended - time.monotonic_ns()
        if wait > 0:
            await asyncio.sleep(wait / 1e9)
        sent = time.monotonic_ns()
        reply = error = None
        try:
            async with asyncio.timeout(timeout):
                reply = await connection.get(path_of(request_id))
        except TimeoutError:
            error = "timeout"
        except ConnectError:
            error = "connect"
        except (EOFError, ConnectionError):
            error = "closed"
        except (OSError, ValueError, LookupError, asyncio.LimitOverrunError):
            error = "other"
        recorder.end(request_id, intended, wait > 0, sent, reply, error)


async def do_work(spec, plan, trial, connections):
    """Does the plan under the name `trial` and returns what the recorder saw."""
    url = urlsplit(spec["base_url"])
    whole_path = (url.path or "/") + (f"?{url.query}" if url.query else "")

    def path_of(request_id):
        return f"/io/{trial}/{request_id}" if spec["verify"] else whole_path

    start = time.monotonic_ns()
    recorder = Recorder(spec, start)
    shared = tickets(plan, spec["seed"], start)
    timeout = spec["timeout_ns"] / 1e9
    await asyncio.gather(*(user(each, shared, path_of, timeout, recorder) for each in connections))
    return recorder


def new_event_loop(plan):
    # asyncio's epoll wakes sleepers by whole milliseconds, too late for a schedule; select() can do better
    # and takes no descriptor beyond 1023.
    if plan["kind"] == "open" and plan["concurrency"] < 1000:
        return asyncio.SelectorEventLoop(selectors.SelectSelector())
    return asyncio.new_event_loop()


def main():
    spec = json.loads(sys.stdin.readline())
    if spec["protocol"] != 1:
        sys.exit(f"This program speaks version 1 of the trial protocol, not {spec['protocol']}.")
    plan = spec["plan"]
    connections = [Connection(spec["base_url"]) for _ in range(plan["concurrency"])]
    with asyncio.Runner(loop_factory=lambda: new_event_loop(plan)) as runner:
        # Under a name of its own, so that the target counts the measured work apart.
        warm_up = plan | {"kind": "closed", "duration_ns": spec["warmup_ns"]}
        runner.run(do_work(spec, warm_up, spec["trial"] + "-warmup", connections))
        opened = sum(connection.opened for connection in connections)

        print(json.dumps({"event": "ready"}), flush=True)
        if sys.stdin.readline() != "go\n":
            return
        usage = Usage()
        recorder = runner.run(do_work(spec, plan, spec["trial"], connections))
        usage.stop()
        opened = sum(connection.opened for connection in connections) - opened
        print(json.dumps(recorder.result(opened, usage)), flush=True)
        for connection in connections:
            connection.close()


if __name__ == "__main__":
    main()
