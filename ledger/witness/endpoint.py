"""The witness over HTTP, as C2SP tlog-witness says: POST /add-checkpoint, GET /ORIGIN-HASH/checkpoint.

One small server of the standard library: a witness runs where as little as possible runs. Bodies, headers and waiting
are bounded. No authentication: a request counts by the log's signature in it.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

from ledger.errors import InvalidField, Refused, Unavailable, show
from ledger.journal.notes import MOST_BYTES
from ledger.witness.asking import SIZE_TYPE
from ledger.witness.cosigning import Contradiction, Witness
from ledger.witness.requests import Request

_LOG = logging.getLogger(__name__)
SECONDS = 30
"""For a request to arrive."""
_STATUS: Mapping[str, HTTPStatus] = {
    "LogUnknown": HTTPStatus.NOT_FOUND,
    "NoteUnsigned": HTTPStatus.FORBIDDEN,
    "NoteSignatureInvalid": HTTPStatus.FORBIDDEN,
    "SizeInvalid": HTTPStatus.BAD_REQUEST,
    "SizeConflict": HTTPStatus.CONFLICT,
    "ProofInvalid": HTTPStatus.UNPROCESSABLE_ENTITY,
    "JournalContradicted": HTTPStatus.UNPROCESSABLE_ENTITY,
    "ClockDisagrees": HTTPStatus.SERVICE_UNAVAILABLE,
}


class Endpoint(ThreadingHTTPServer):
    """Answers for one witness; `ended` is told a contradiction that a request brought to light."""

    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], witness: Witness, origin: str, ended: Callable[[Contradiction], None]
    ) -> None:
        """Raises OSError: the port is taken."""
        self.witness, self.ended = witness, ended
        self.place = f"/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint"
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "witness", ""
    timeout: ClassVar[int] = SECONDS
    server: Endpoint

    def do_POST(self) -> None:
        if self.path != "/add-checkpoint":
            self._answer(HTTPStatus.NOT_FOUND, "no such path\n")
            return
        body = self._body()
        if body is not None:
            self._answer(*self._cosigned(body))

    def do_GET(self) -> None:
        note = self.server.witness.newest
        if self.path != self.server.place or note is None:
            self._answer(HTTPStatus.NOT_FOUND, "no checkpoint\n")
        else:
            self._answer(HTTPStatus.OK, str(note))

    def log_message(self, *_: object) -> None:
        """Nothing: who asks a witness is nobody's business."""

    def _cosigned(self, body: bytes) -> tuple[HTTPStatus, str, str]:
        plain = "text/plain; charset=utf-8"
        try:
            found = self.server.witness.add_checkpoint(Request.parse(body))
        except Contradiction as contradiction:
            self.server.ended(contradiction)
            return HTTPStatus.UNPROCESSABLE_ENTITY, f"{contradiction.reason}\n", plain
        except InvalidField as fault:
            return HTTPStatus.BAD_REQUEST, f"{fault}\n", plain
        except Refused as refused:
            if refused.name == "SizeConflict":
                return HTTPStatus.CONFLICT, f"{show(refused.values['size'])}\n", SIZE_TYPE
            return _STATUS.get(refused.name, HTTPStatus.UNPROCESSABLE_ENTITY), f"{refused}\n", plain
        except Unavailable as fault:
            _LOG.warning("not cosigned: %s", fault)
            return HTTPStatus.SERVICE_UNAVAILABLE, "the witness cannot tell now\n", plain
        return HTTPStatus.OK, f"{found.line()}\n", plain

    def _body(self) -> bytes | None:
        length = self.headers.get("content-length", "")
        if not length.isdigit() or len(length) > 9:
            self._answer(HTTPStatus.LENGTH_REQUIRED, "a length is required\n")
            return None
        if int(length) > MOST_BYTES:
            self._answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {MOST_BYTES} bytes\n")
            return None
        body = self.rfile.read(int(length))
        return body if len(body) == int(length) else None

    def _answer(self, status: HTTPStatus, text: str, kind: str = "text/plain; charset=utf-8") -> None:
        data = text.encode()
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(data)))
        if status >= HTTPStatus.BAD_REQUEST and status != HTTPStatus.CONFLICT:
            self.close_connection = True
            self.send_header("connection", "close")
        self.end_headers()
        self.wfile.write(data)
