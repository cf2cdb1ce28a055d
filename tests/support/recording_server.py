#!/usr/bin/env python3
"""An HTTP/1.1 server that keeps what it is asked, one JSON object a line in a file, and can speak TLS."""

import argparse
import http.server
import json
import os
import socketserver
import ssl
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def handle_one_request(self):
        try:
            super().handle_one_request()
        except OSError:
            self.close_connection = True

    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        record = {"method": self.command, "path": self.path, "headers": dict(self.headers.items()),
                  "body": body.decode("latin-1")}
        with self.server.lock, open(self.server.log, "a") as log:
            log.write(json.dumps(record) + "\n")
        status = 405 if self.server.only and self.command != self.server.only else 200
        self.send_response(status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(b"ok")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = answer

    def log_message(self, *_):
        pass


class Server(socketserver.ThreadingTCPServer):
    # No HTTPServer, which asks for the name of its address: where no name server answers, for seconds.
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        pass  # a client that does not trust the certificate goes


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "0")))
    parser.add_argument("--log", default=os.devnull)
    parser.add_argument("--only", help="answers other methods with status 405")
    parser.add_argument("--certificate", help="PEM with its key: speaks TLS")
    parser.add_argument("--client-authority", help="PEM: asks clients for a certificate of it")
    options = parser.parse_args()
    server = Server(("127.0.0.1", options.port), Handler)
    server.log, server.only, server.lock = options.log, options.only, threading.Lock()
    if options.certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.certificate)
        if options.client_authority:
            context.load_verify_locations(options.client_authority)
            context.verify_mode = ssl.CERT_REQUIRED
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    print(server.server_address[1], flush=True)
    server.serve_forever()


main()
