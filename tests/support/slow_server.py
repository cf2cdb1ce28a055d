#!/usr/bin/env python3
"""A server as a user may have one: answers each GET after a delay, and can be told to misbehave."""

import argparse
import asyncio
import os


class Server:
    def __init__(self, options):
        self.options = options
        self.answered = 0

    async def serve(self, reader, writer):
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                self.answered += 1
                if self.answered > self.options.die_after:
                    os._exit(3)
                if self.answered > self.options.hang_after:
                    await asyncio.sleep(3600)
                await asyncio.sleep(self.options.delay_ms / 1000)
                body = b"x" * self.options.bytes
                head = f"HTTP/1.1 {self.options.status} X\r\nContent-Length: {len(body)}\r\n\r\n"
                writer.write(head.encode() + body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=int(os.environ["PORT"]))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--delay-ms", type=float, default=5)
    parser.add_argument("--bytes", type=int, default=100)
    parser.add_argument("--status", type=int, default=200)
    parser.add_argument("--die-after", type=int, default=1 << 60)
    parser.add_argument("--hang-after", type=int, default=1 << 60)
    options = parser.parse_args()
    server = await asyncio.start_server(Server(options).serve, options.host, options.port)
    await server.serve_forever()


asyncio.run(main())
