"""Does a document count? Only if its author committed to it, and signed it with the key that it had then."""

from collections.abc import Iterator
from hashlib import shake_256
from pathlib import Path

import pytest
from nacl.signing import SigningKey

from ledger.acts.organizations import RecordParty, RegisterOrganization, RotateAgentKeys
from ledger.authorship import committed
from ledger.documents.canonical import JsonObject
from ledger.documents.credentials import Document, draft, secure, verify
from ledger.ids import Commitment
from ledger.read_model import ReadModel, follow
from ledger.records.codes import Role
from tests.world import World, keys_of

PROFILE: JsonObject = {"name": "Volta Wildlife Trust", "address": {"country": "GH"}}
NEW_KEY = SigningKey(shake_256(b"the recorder's next key").digest(32))


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    world = World(tmp_path_factory.mktemp("world"))
    yield world
    world.close()


@pytest.fixture
def world(founded: World) -> Iterator[World]:
    before = founded.snapshot()
    yield founded
    founded.revert(before)


@pytest.fixture
def model(tmp_path: Path) -> Iterator[ReadModel]:
    model = ReadModel(f"sqlite:///{tmp_path / 'read_model.sqlite'}")
    yield model
    model.close()


STATEMENT: JsonObject = {"topic": "statement", "text": "No profile at all."}


def profile(world: World, key: SigningKey | None = None) -> Document:
    """A profile by the recorder, signed with its own key or another."""
    recorder = keys_of("recorder")
    if key is None:
        return recorder.sign_document("OrganizationProfile", PROFILE, chain_id=world.deployment.chain_id)
    drafted = draft("OrganizationProfile", PROFILE, issuer=recorder.address, chain_id=world.deployment.chain_id)
    return secure(drafted, key)


def record(world: World, commitment: Commitment) -> int:
    return world.act(RecordParty, "recorder", 1, roles=int(Role.END_USER), profile=commitment).seq


def rotate(world: World) -> None:
    keys = {"ed25519": bytes(NEW_KEY.verify_key), "x25519": keys_of("recorder").public.x25519}
    world.act(RotateAgentKeys, "recorder", 1, record=world.agent(1, "recorder"), **keys)


def found(world: World, model: ReadModel, document: Document) -> list[tuple[int, str, bool]]:
    follow(model, world.node, world.deployment)
    return [(one.seq, one.act, one.own_key) for one in committed(verify(document), model)]


def test_a_document_counts_by_the_act_of_its_author(world: World, model: ReadModel) -> None:
    document = profile(world)
    seq = record(world, document.commitment)
    assert found(world, model, document) == [(seq, "RecordParty", True)]


def test_a_document_without_an_act_does_not_count(world: World, model: ReadModel) -> None:
    record(world, profile(world).commitment)
    assert found(world, model, profile(world)) == []


def test_the_act_of_somebody_else_does_not_count(world: World, model: ReadModel) -> None:
    document = profile(world)
    world.act(RegisterOrganization, "registrar", 1, roles=int(Role.END_USER), profile=document.commitment)
    assert found(world, model, document) == []


def test_a_document_signed_with_another_key_is_not_its_authors_own(world: World, model: ReadModel) -> None:
    document = profile(world, NEW_KEY)
    seq = record(world, document.commitment)
    assert found(world, model, document) == [(seq, "RecordParty", False)]


def test_a_document_still_counts_after_its_key_was_replaced(world: World, model: ReadModel) -> None:
    document = profile(world)
    seq = record(world, document.commitment)
    rotate(world)
    assert found(world, model, document) == [(seq, "RecordParty", True)]


def test_a_document_signed_with_a_replaced_key_is_not_its_authors_own(world: World, model: ReadModel) -> None:
    document = profile(world)
    rotate(world)
    seq = record(world, document.commitment)
    assert found(world, model, document) == [(seq, "RecordParty", False)]


def test_a_document_counts_by_the_key_that_came_later(world: World, model: ReadModel) -> None:
    document = profile(world, NEW_KEY)
    rotate(world)
    seq = record(world, document.commitment)
    assert found(world, model, document) == [(seq, "RecordParty", True)]


def test_a_document_of_a_kind_that_the_act_does_not_take_does_not_count(world: World, model: ReadModel) -> None:
    document = keys_of("recorder").sign_document("Statement", STATEMENT, chain_id=world.deployment.chain_id)
    record(world, document.commitment)
    follow(model, world.node, world.deployment)
    assert [(one.own_key, one.fits, one.counts) for one in committed(verify(document), model)] == [(True, False, False)]
