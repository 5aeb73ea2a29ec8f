"""Small servers on this machine: one that answers as told, one with TLS, a proxy."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


class Server(ThreadingHTTPServer):
    """Answers every request with `status` and `headers`; `seen` holds what was asked.

    `trusted` is the file of its certificate, once it speaks TLS.
    """

    daemon_threads = True
    trusted: Path

    def __init__(self, status: int = 200, **headers: str) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = status
        self.headers = headers
        self.seen: list[BaseHTTPRequestHandler] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_address[1]

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"


class Handler(BaseHTTPRequestHandler):
    """Notes a request, and answers as its server says."""

    server: Server

    def do_GET(self) -> None:
        """Answer any request."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append(self)
        self.send_response(self.server.status)
        for name, value in {"Content-Length": "0", **self.server.headers}.items():
            self.send_header(name, value)
        self.end_headers()

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def log_message(self, *arguments: object) -> None:
        """Keep the test's output clean."""


class Proxy(Server):
    """Joins every CONNECT to one port of this machine; `asked` holds what was asked for."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self.RequestHandlerClass = ProxyHandler
        self.leads_to = port
        self.asked: list[str] = []


class ProxyHandler(Handler):
    """A tunnel, or a plain answer of the proxy's own."""

    server: Proxy

    def do_CONNECT(self) -> None:
        """Carry bytes both ways until one side ends."""
        self.server.asked.append(self.path)
        with socket.create_connection(("127.0.0.1", self.server.leads_to)) as other:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=_carry, args=(other, self.connection), daemon=True)
            back.start()
            _carry(self.connection, other)
            back.join()
        self.close_connection = True

    def do_GET(self) -> None:
        """A request that was not tunnelled is answered like any other, and noted."""
        self.server.asked.append(self.path)
        super().do_GET()

    do_POST = do_GET


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Serve while the block runs."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def with_tls(server: Server, folder: Path, name: str) -> Path:
    """Let a server speak TLS under a name; gives the file of the certificate to trust."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, private = folder / "company.pem", folder / "key.pem"
    trusted.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    return trusted
