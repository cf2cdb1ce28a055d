#!/usr/bin/env python3
"""A server that needs as much memory, CPU time, threads and processes as it is told to."""

import argparse
import http.server
import os
import socket
import threading
import time


def burn(milliseconds):
    end = time.process_time() + milliseconds / 1000
    while time.process_time() < end:
        pass


def burn_in_a_child(milliseconds):
    child = os.fork()
    if child == 0:
        burn(milliseconds)
        os._exit(0)
    os.waitpid(child, 0)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    work = staticmethod(lambda: None)

    def do_GET(self):
        self.work()
        body = b"x" * 100
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--hold-mb", type=int, default=0)
    parser.add_argument("--burn-ms", type=float, default=0)
    parser.add_argument("--burn-in-children-ms", type=float, default=0)
    parser.add_argument("--idle-threads", type=int, default=0)
    parser.add_argument("--workers", type=int, default=0, help="processes that serve, beside one that waits for them")
    options = parser.parse_args()
    if options.burn_ms:
        Handler.work = staticmethod(lambda: burn(options.burn_ms))
    if options.burn_in_children_ms:
        Handler.work = staticmethod(lambda: burn_in_a_child(options.burn_in_children_ms))
    held = b"x" * (options.hold_mb << 20)
    for _ in range(options.idle_threads):
        threading.Thread(target=time.sleep, args=(3600,), daemon=True).start()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler)
    server.daemon_threads = True
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    workers = []
    for _ in range(options.workers):
        worker = os.fork()
        if worker == 0:
            server.serve_forever()
        workers.append(worker)
    if workers:
        os.waitpid(workers[0], 0)
    else:
        server.serve_forever()
    del held


main()
