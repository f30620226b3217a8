"""The API of tomorrow: hands calls on, and puts into each answer a field, and into each problem a code, that the document does not know."""

import http.client
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

host = sys.argv[1].removeprefix("http://")


def changed(value):
    if isinstance(value, list):
        return [changed(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: changed(item) for key, item in value.items()} | {"field_of_tomorrow": {"known": False}}


class Tomorrow(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        today = http.client.HTTPConnection(host, timeout=60)
        today.request(self.command, self.path, body, dict(self.headers))
        answer = today.getresponse()
        content, kind = answer.read(), answer.getheader("Content-Type", "")
        if "json" in kind and content:
            later = changed(json.loads(content))
            if "problem" in kind:
                later["code"] = f"tomorrow_{later['code']}"
            content = json.dumps(later).encode()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "transfer-encoding", "connection"):
                self.send_header(name, value)
        if answer.status != 204:
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Tomorrow)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
