"""`asyncbench load` against the servers of Node.js: HTTP/1.1 and HTTP/2, with and without TLS, and its GOAWAY."""

import json
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import asyncbench

# A server of each kind; prints their ports. Ends with its stdin, so that it outlives no test.
SERVERS = """
const http = require('http'), https = require('https'), http2 = require('http2'), fs = require('fs');
const [,, key, cert] = process.argv;
const tls = { key: fs.readFileSync(key), cert: fs.readFileSync(cert) };
const answer = (request, response) => {
  let bytes = 0;
  request.on('data', (data) => { bytes += data.length; });
  request.on('end', () => {
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ method: request.method, url: request.url, bytes }));
  });
};
const leaving = http2.createServer(answer);
leaving.on('session', (session) => {
  let streams = 0;
  session.on('stream', () => { if (++streams === 7) session.close(); });  // GOAWAY; open streams are answered
});
const servers = {
  'http/1.1': http.createServer(answer),
  'https/1.1': https.createServer(tls, answer),
  'http/2': http2.createServer(answer),
  'https/2': http2.createSecureServer(tls, answer),
  'few streams': http2.createServer({ settings: { maxConcurrentStreams: 2 } }, answer),
  'goaway': leaving,
};
const ports = {};
for (const [name, server] of Object.entries(servers)) {
  server.listen(0, '127.0.0.1', () => {
    ports[name] = server.address().port;
    if (Object.keys(ports).length === Object.keys(servers).length) console.log(JSON.stringify(ports));
  });
}
process.stdin.resume().on('end', () => process.exit(0));
"""


class LoadOnNode(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        directory = tempfile.TemporaryDirectory()
        cls.addClassCleanup(directory.cleanup)
        path = pathlib.Path(directory.name)
        (path / "servers.js").write_text(SERVERS)
        key, cls.certificate = path / "server.key", path / "server.crt"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", str(key),
             "-out", str(cls.certificate)],
            check=True, capture_output=True,
        )
        node = subprocess.Popen([shutil.which("node"), path / "servers.js", key, cls.certificate],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

        def end():
            node.stdin.close()
            node.wait(timeout=10)
            node.stdout.close()

        cls.addClassCleanup(end)
        cls.ports = json.loads(node.stdout.readline())

    def load(self, server, *arguments):
        scheme = "https" if server.startswith("https") else "http"
        flags = ["--http", "2", "--streams", "5"] if not server.endswith("1.1") else []
        process = asyncbench.run(
            asyncbench.EXECUTABLE, "load", f"{scheme}://127.0.0.1:{self.ports[server]}/a?b=c", "--quiet", "-n", "300",
            "-c", "3", "--cacert", self.certificate, *flags, *arguments, "--json", "-")
        if not process.stdout:
            raise AssertionError(process.stderr)
        return json.loads(process.stdout)["trials"][0], process.returncode

    def test_each_server_gets_what_was_to_be_sent(self):
        for server in ("http/1.1", "https/1.1", "http/2", "https/2", "few streams"):
            for io in ("uring", "epoll"):
                with self.subTest(server, io=io):
                    trial, status = self.load(
                        server, "--io", io, "-X", "PUT", "--data", "x" * 70_000, "--check", "json /bytes == 70000",
                        "--check", "json /url == /a?b=c", "--check", "json /method == PUT")
                    self.assertEqual(status, 0, trial["warnings"])
                    self.assertEqual(trial["statuses"], {"200": 300})
                    self.assertNotIn("failure_reasons", trial)

    def test_connections_that_the_server_leaves_are_opened_again_and_no_request_fails(self):
        trial, status = self.load("goaway")
        self.assertEqual(status, 0, trial["warnings"])
        self.assertEqual(trial["statuses"], {"200": 300})
        self.assertNotIn("failure_reasons", trial)
        self.assertGreater(trial["metrics"]["connections_opened"], 20)


if __name__ == "__main__":
    unittest.main()
