"""What papers prove and to whom: an undertaking nobody else can alter, two fields without the price, a thief's loot."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import cast

from rich.markup import escape

from ledger.client import ServiceRefused
from ledger.demo import papers
from ledger.demo.people import EXPORTER, UNIVERSITY
from ledger.demo.stage import DemoFailed, Stage
from ledger.documents.canonical import Json, JsonObject, canonical_bytes, parse_canonical, parse_canonical_value
from ledger.documents.credentials import Document, select, verify
from ledger.documents.disclosures import pointers
from ledger.documents.keys import Keys
from ledger.documents.sealing import open_envelope
from ledger.errors import Refused
from ledger.ids import Commitment
from ledger.sentences import SENTENCES, sentence

_QUANTITY = "/lines/0/quantity"
_TWO_FIELDS = ["/destinations", _QUANTITY]
_EXPORTER, _CUSTOMS = "Jan de Boer", "Noor Peters"


def show(stage: Stage, license_record: str) -> None:
    """All of it, about the first certificate and the license that rests on it."""
    stage.chapter("What the papers prove, and to whom")
    certificate = _certificate_altered(stage)
    _two_fields_shown(stage, license_record)
    _ciphertext_stolen(stage, certificate)


def _certificate_altered(stage: Stage) -> Commitment:
    """The end-user signed for twelve: the exporter can neither change that nor sign for somebody else."""
    listed = stage.asking(_EXPORTER).listed("/v1/certificates", endUser=stage.numbers[UNIVERSITY])
    committed = _committed(next(listed))
    document = stage.desk(_EXPORTER).get(committed)
    signer = stage.people["Abena Owusu"]
    if verify(document).issuer != signer.keys.address:
        raise DemoFailed("the certificate is not the end-user's")
    more = papers.LICENSED + 3
    _refused_here(
        stage,
        "InvalidField",
        f"writes {more} cameras into the end-user's certificate",
        lambda: verify(_with_quantity(document, more)),
    )
    keys = stage.people[_EXPORTER].keys
    copy: JsonObject = {**verify(document).subject, "signatory": {"name": signer.name, "title": "Dean of Science"}}
    own = verify(keys.sign_document("EndUseCertificate", copy, chain_id=stage.deployment.chain_id))
    if own.commitment == committed or own.issuer == signer.keys.address:
        raise DemoFailed("a copy passes for the end-user's certificate")
    stage.tell("-", _EXPORTER, f"signs a copy in her name: its author is {EXPORTER.name}, and no act commits to it")
    return committed


def _two_fields_shown(stage: Stage, license_record: str) -> None:
    """Customs sees where to and how many, with the authority's proof, and no price."""
    path = f"/v1/licenses/{license_record}"
    committed = _committed(stage.asking(_EXPORTER).get(path)["item"])
    document = select(stage.desk(_EXPORTER).get(committed), _TWO_FIELDS)
    stage.tell("=", _EXPORTER, "discloses two fields of the license: destination and quantity")
    checked = verify(Document.read(document.data))
    seen = _committed(stage.asking(_CUSTOMS).get(path)["item"])
    two: JsonObject = {"destinations": ["GH"], "lines": [{"quantity": papers.LICENSED}]}
    if (checked.commitment, checked.subject) != (seen, two):
        raise DemoFailed(f"customs sees something else: {checked.subject}")
    stage.tell("=", _CUSTOMS, f"checks them against the ledger: {papers.LICENSED} to GH, the price withheld")


def _ciphertext_stolen(stage: Stage, committed: Commitment) -> None:
    """Without a session the service gives nothing; what was taken from its disk opens for nobody."""
    try:
        stage.client.envelope(committed)
    except Refused as refused:
        _tell_stranger(stage, "asks for the certificate", refused)
    else:
        raise DemoFailed("a stranger is given a document")
    loot, keys = stage.asking(_EXPORTER).envelope(committed), Keys.generate()
    try:
        open_envelope(loot, keys)
    except Refused as refused:
        _tell_stranger(stage, "takes its ciphertext from the vault's disk: nothing is sealed to a key of hers", refused)
    else:
        raise DemoFailed("a stranger opens a document")
    relabeled = tuple(replace(key, recipient=keys.public.x25519) for key in loot.keys)
    try:
        open_envelope(replace(loot, keys=relabeled), keys)
    except Refused as refused:
        _tell_stranger(stage, "writes a key of her own over the readers': it opens nothing", refused)
    else:
        raise DemoFailed("a stranger opens a document with another's key")
    if any(word.encode() in loot.data for word in (UNIVERSITY.name, EXPORTER.name, "camera")):
        raise DemoFailed("the ciphertext tells a name")


def _committed(record: Json) -> Commitment:
    """The document of a record as the service shows it."""
    return Commitment(bytes.fromhex(str(cast("JsonObject", record)["document"])[2:]))


def _with_quantity(document: Document, quantity: int) -> Document:
    """The document with another number in the place of its first quantity."""
    shown = pointers(parse_canonical(document.credential)["credentialSubject"], document.disclosures)
    disclosures = tuple(
        _exchanged(text, quantity) if shown[text] == _QUANTITY else text for text in document.disclosures
    )
    return replace(document, disclosures=disclosures)


def _exchanged(disclosure: str, value: Json) -> str:
    parts = parse_canonical_value(urlsafe_b64decode(disclosure + "=" * (-len(disclosure) % 4)), "disclosure")
    salt_and_name = parts[:2] if isinstance(parts, list) else []
    return urlsafe_b64encode(canonical_bytes([*salt_and_name, value])).rstrip(b"=").decode()


def _refused_here(stage: Stage, error: str, told: str, attempt: Callable[[], object]) -> None:
    """What the exporter tries, and whoever checks the document refuses."""
    try:
        attempt()
    except Refused as refused:
        if refused.name != error:
            raise
        stage.tell("-", _EXPORTER, told)
        _tell_error(stage, refused)
    else:
        raise DemoFailed(f"{told}: not noticed")


def _tell_stranger(stage: Stage, told: str, refused: Refused) -> None:
    stage.console.print(f"  [green]{'-':>6}[/]  [cyan]A stranger[/] {escape(told)}", soft_wrap=True)
    _tell_error(stage, refused)


def _tell_error(stage: Stage, refused: Refused) -> None:
    known = sentence(refused) if refused.name in SENTENCES else ""
    said = refused.detail if isinstance(refused, ServiceRefused) else known
    stage.console.print(f"          [bold red]{refused.name}[/]  {escape(said)}".rstrip(), soft_wrap=True)
