"""A site of somebody's, at an origin of its own, that takes payments by Stripe.js."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SCRIPT = Path(__file__).with_name("shop_page.js")
STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui; margin: 0 auto; max-width: 40rem; padding: 1rem; }
button { font: inherit; margin-block: 1rem; min-height: 2.75rem; padding-inline: 1rem; }
output { display: block; overflow-wrap: anywhere; }
"""
PAGE = """<!doctype html>
<html lang="en">
  <head>
    <title>Pay</title>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/shop.css">
    <script src="{stripe_js}"></script>
    <script src="/shop.js" defer></script>
  </head>
  <body>
    <main>
      <h1>Pay</h1>
      <form>
        <div id="payment"></div>
        <button>Go on</button>
      </form>
      <output></output>
    </main>
  </body>
</html>
"""


@contextmanager
def shop_site(stripe_js: str, sources: dict[str, list[str]]) -> Iterator[str]:
    """Serve it under a policy that lets in what Stripe.js needs, and nothing else."""
    policy = "; ".join(
        [
            "default-src 'none'",
            "style-src 'self'",
            "img-src 'self' data:",
            "require-trusted-types-for 'script'",
            *(
                f"{name} 'self' {' '.join(allowed)}"
                for name, allowed in sources.items()
            ),
        ]
    )
    files = {
        "/shop.css": ("text/css", STYLE),
        "/shop.js": ("text/javascript", SCRIPT.read_text()),
    }

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = ("text/html; charset=utf-8", PAGE.format(stripe_js=stripe_js))
            kind, text = files.get(self.path.partition("?")[0], page)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
