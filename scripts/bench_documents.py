"""How many documents a second are signed, verified, shown in part, sealed and opened; how long does one take?

    scripts/bench documents [--seconds N] [--lines N]

One process, one end-use certificate with `--lines` lines of goods, all in memory: nothing is sent or stored. Time is
processor time, so that what else runs does not count.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from datetime import date

from ledger.documents.canonical import Json, JsonObject, parse_object
from ledger.documents.credentials import Document, select, verify
from ledger.documents.keys import Keys
from ledger.documents.kinds import read_subject
from ledger.documents.proofs import check_proof
from ledger.documents.sealing import GOODS, PRICES, open_envelope, seal
from ledger.lint.check import check_request

PARTY: JsonObject = {"organization": 4, "name": "Kwaya University", "address": {"country": "GH", "locality": "Kumasi"}}
ENTRY: JsonObject = {
    "list": "EU 2021/821 Annex I",
    "version": "2025/2003",
    "code": "3A233.a",
    "textHash": "0x" + "5a" * 32,
}
READERS = 8
DAY = date(2026, 6, 1)


def certificate(lines: int) -> JsonObject:
    """A certificate over that many lines."""
    goods: JsonObject = {
        "description": "Mass spectrometer",
        "controlEntries": [ENTRY],
        "unit": "NAR",
        "decimals": 0,
        "quantity": 12,
        "value": {"minorUnits": 11_295_000, "currency": "EUR"},
    }
    return {
        "signedOn": "2026-01-01",
        "validFrom": "2026-01-01",
        "validThrough": "2026-12-31",
        "signatory": {"name": "A. Mensah", "title": "Dean"},
        "exporter": PARTY,
        "endUser": PARTY,
        "lines": [goods] * lines,
        "destination": "GH",
        "endUse": "Teaching and research at the department of chemistry",
        "useCategory": "capital",
        "assurances": ["noReexport", "noMilitaryUse", "notifyChange"],
    }


def measure(name: str, work: Callable[[], object], seconds: float) -> None:
    """Do `work` again and again for so many seconds of processor time; print how often and how long one took."""
    work()
    took: list[float] = []
    end = time.process_time() + seconds
    while (start := time.process_time()) < end:
        work()
        took.append(time.process_time() - start)
    print(f"{name:<44}{len(took) / sum(took):>9.0f}/s   {statistics.median(took) * 1000:>8.3f} ms median", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each figure (%(default)s)")
    parser.add_argument("--lines", type=int, default=2, help="lines of goods (%(default)s)")
    given = parser.parse_args()
    run(Keys.generate(), certificate(given.lines), given.seconds)


def run(keys: Keys, subject: JsonObject, seconds: float) -> None:
    """Measure and print every figure."""
    document = keys.sign_document("EndUseCertificate", subject, chain_id=7)
    part = select(document, ["/destination", "/lines/0/quantity"])
    credential = verify(document).credential
    readers = [Keys.generate() for _ in range(READERS)]
    sealed_to = {section: [reader.public.x25519 for reader in readers] for section in (GOODS, PRICES)}
    envelope = seal(document, sealed_to)
    asked = question(document)
    print(f"{len(document.disclosures)} fields, {len(document.data)} bytes; sealed {len(envelope.data)} bytes")

    measure(
        "sign (check form, conceal, sign)",
        lambda: keys.sign_document("EndUseCertificate", subject, chain_id=7),
        seconds,
    )
    measure("check the proof alone", lambda: check_proof(credential), seconds)
    measure("verify the whole document", lambda: verify(document), seconds)
    measure("verify from the file, form of the kind too", lambda: full_check(document.data), seconds)
    measure("the same and the lint, against an application", lambda: check_request(asked, DAY), seconds)
    measure("show two fields", lambda: select(document, ["/destination", "/lines/0/quantity"]), seconds)
    measure("verify two fields shown", lambda: verify(part), seconds)
    measure(f"seal to {READERS} readers", lambda: seal(document, sealed_to), seconds)
    measure("open", lambda: open_envelope(envelope, readers[0]), seconds)


def question(document: Document) -> Json:
    """What the lint is asked: the certificate in `document`, and an application for the same goods."""
    subject = verify(document).subject
    application: Json = {
        "reference": "2026/17",
        "licenseKind": "individual",
        "exporter": PARTY,
        "parties": [{**PARTY, "role": "endUser"}],
        "lines": subject["lines"],
        "destinations": ["GH"],
        "endUse": subject["endUse"],
    }
    return {"certificate": parse_object(document.data), "applications": [application], "profile": "bis-statement"}


def full_check(data: bytes) -> None:
    """All that a reader checks of a document's file."""
    secured = verify(Document.read(data))
    read_subject(secured.kind, secured.subject)


if __name__ == "__main__":
    main()
