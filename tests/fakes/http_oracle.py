"""An oracle behind HTTP, on loopback: a plan of answers, and a record of what was asked."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class FakeOracle:
    """Serves `respond(fields) -> (status, headers, body)`; `asked` holds the fields of every request."""

    def __init__(self, respond) -> None:
        self.asked = []
        self.headers = []
        oracle = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                self.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

            def do_GET(self):
                self.reply({name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()})

            def reply(self, fields):
                oracle.asked.append(fields)
                oracle.headers.append(dict(self.headers))
                status, headers, body = respond(fields)
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in {"Content-Length": str(len(data)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *words):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/f"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *error):
        self._server.shutdown()
        self._server.server_close()
