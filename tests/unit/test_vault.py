"""Does the vault keep what it was given, whole and for its time, on SQLite and on PostgreSQL alike?"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from ledger.documents.keys import Keys
from ledger.documents.sealing import GOODS, PRICES, SECTIONS, SealedKey, open_envelope, reseal, seal
from ledger.errors import Refused, Unavailable
from ledger.vault import store
from ledger.vault.store import WAITING_SECONDS, Asking, Origin, Vault

ALICE, BOB = Keys.from_private(b"\1" * 96), Keys.from_private(b"\2" * 96)
ORIGIN = Origin(ALICE.address, 2, "OrganizationProfile")
ASKING = Asking(4, BOB.address, frozenset([BOB.public.x25519]))
NOON = 1_800_000_000


class Journal(set):
    """The commitments of some acts, as the read model answers for them."""

    def referred(self, commitments):
        return self & set(commitments)


def document(name="Deltalens"):
    return ALICE.sign_document("OrganizationProfile", {"name": name, "address": {"country": "NL"}}, chain_id=7)


def sealed(name="Deltalens", to=ALICE):
    return seal(document(name), {section: [to.public.x25519] for section in SECTIONS})


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory):
    """The address of a PostgreSQL server of its own, where server and driver are installed."""
    server = shutil.which("postgres")
    if server is None or importlib.util.find_spec("psycopg") is None:
        pytest.skip("PostgreSQL or its driver is not installed")
    folder = tmp_path_factory.mktemp("postgresql")
    # The server refuses to run as root.
    own = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
    if own:
        for path in (folder, *folder.parents[:2]):
            path.chmod(0o755)
        os.chown(folder, pwd.getpwnam("nobody").pw_uid, -1)
    programs, cluster = Path(server).resolve().parent, folder / "data"
    made = [programs / "initdb", "-D", cluster, "-U", "vault", "-A", "trust", "-E", "UTF8"]
    subprocess.run(made, check=True, capture_output=True, cwd=folder, **own)
    command = [programs / "postgres", "-D", cluster, "-k", folder, "-c", "listen_addresses=", "-c", "fsync=off"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, cwd=folder, **own) as process:
        url = f"postgresql+psycopg://vault@/postgres?host={folder}"
        _wait_for(url)
        yield url
        process.terminate()


def _wait_for(url):
    engine, until = create_engine(url), time.monotonic() + 60
    answering = False
    while not answering:
        try:
            engine.connect().close()
            answering = True
        except OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'vault.sqlite'}"
    found = request.getfixturevalue("postgresql")
    engine = create_engine(found)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return found


@pytest.fixture
def vault(url):
    vault = Vault(url)
    yield vault
    vault.close()


@pytest.fixture
def put(vault):
    def put(envelope, *, now=NOON, journal=(), origin=ORIGIN):
        return vault.put(envelope, origin, read_model=Journal(journal), now=now)

    return put


def test_what_was_put_is_given_back_as_it_was(vault, put):
    envelope = sealed()
    put(envelope)
    assert vault.get(envelope.commitment, SECTIONS) == envelope


def test_what_was_put_is_there_for_another_process(vault, put, url):
    envelope = sealed()
    put(envelope)
    other = Vault(url)
    found = other.get(envelope.commitment, SECTIONS)
    other.close()
    assert found == envelope


def test_putting_again_keeps_the_first_envelope(vault, put):
    name = document()
    first, second = (seal(name, {section: [ALICE.public.x25519] for section in SECTIONS}) for _ in range(2))
    assert (put(first), put(second)) == (True, False)
    assert vault.get(first.commitment, SECTIONS) == first


def test_one_section_comes_with_its_own_keys_only(vault, put):
    envelope = sealed()
    put(envelope)
    found = vault.get(envelope.commitment, [GOODS])
    assert ({*found.sections}, {key.section for key in found.keys}) == ({GOODS}, {GOODS})


def test_an_unknown_document_is_refused(vault):
    with pytest.raises(Refused, match="DocumentUnknown"):
        vault.get(bytes(32), SECTIONS)


def test_the_origin_of_an_unknown_document_is_refused(vault):
    with pytest.raises(Refused, match="DocumentUnknown"):
        vault.origin(bytes(32))


def test_who_made_a_document_is_known(vault, put):
    envelope = sealed()
    put(envelope)
    assert vault.origin(envelope.commitment) == ORIGIN


def test_a_key_given_later_opens_the_document(vault, put):
    envelope = sealed()
    put(envelope)
    keys = reseal(envelope, ALICE, {GOODS: [BOB.public.x25519]})
    vault.add_keys(envelope.commitment, keys, giver=ALICE.address, now=NOON)
    assert open_envelope(vault.get(envelope.commitment, SECTIONS), BOB).credential == envelope.credential


def test_a_giver_replaces_its_own_key_and_nobody_elses(vault, put):
    envelope = sealed()
    put(envelope)
    for giver, mark in ((b"a" * 20, 1), (b"b" * 20, 2), (b"a" * 20, 3)):
        key = SealedKey(GOODS, BOB.public.x25519, bytes([mark]) * 80)
        vault.add_keys(envelope.commitment, [key], giver=giver, now=NOON)
    found = vault.get(envelope.commitment, [GOODS]).keys
    assert sorted(key.sealed[0] for key in found if key.recipient == BOB.public.x25519) == [2, 3]


def test_documents_are_found_by_the_key_they_are_sealed_to(vault, put):
    own, other = sealed(), sealed("Other", to=BOB)
    put(own)
    put(other)
    assert [one for _, one in vault.sealed_to(BOB.public.x25519, after=0, limit=9)] == [other.commitment]


def test_documents_are_found_page_by_page(vault, put):
    envelopes = [sealed(str(number)) for number in range(3)]
    for envelope in envelopes:
        put(envelope)
    first = vault.sealed_to(ALICE.public.x25519, after=0, limit=2)
    rest = vault.sealed_to(ALICE.public.x25519, after=first[-1][0], limit=2)
    assert [one for _, one in first + rest] == [envelope.commitment for envelope in envelopes]


def test_who_has_a_key_of_what_is_known(vault, put):
    envelope = sealed()
    put(envelope)
    assert vault.sealed(envelope.commitment) == {(section, ALICE.public.x25519) for section in SECTIONS}


def test_documents_that_are_here_are_told_from_those_that_are_not(vault, put):
    envelope = sealed()
    put(envelope)
    assert vault.held([envelope.commitment, bytes(32)]) == {envelope.commitment}


def test_a_thousand_commitments_can_be_asked_for_at_once(vault, put):
    envelope = sealed()
    put(envelope)
    asked = [number.to_bytes(32) for number in range(1200)]
    assert vault.held([*asked, envelope.commitment]) == {envelope.commitment}


def test_a_read_is_on_record_with_who_what_and_when(vault, put):
    envelope = sealed()
    put(envelope)
    vault.give_out(envelope.commitment, [GOODS], to=ASKING, now=NOON + 7)
    (read,) = vault.reads(envelope.commitment, organization=None, after=0, limit=9)
    assert (read.sections, read.organization, read.account, read.at) == ((GOODS,), 4, BOB.address, NOON + 7)


def test_who_reads_is_given_its_own_keys_only(vault, put):
    envelope = seal(document(), {section: [ALICE.public.x25519, BOB.public.x25519] for section in SECTIONS})
    put(envelope)
    found = vault.give_out(envelope.commitment, SECTIONS, to=ASKING, now=NOON)
    assert {key.recipient for key in found.keys} == {BOB.public.x25519}


def test_reads_can_be_asked_for_of_one_organization(vault, put):
    envelope = sealed()
    put(envelope)
    for organization in (4, 5):
        vault.give_out(envelope.commitment, SECTIONS, to=replace(ASKING, organization=organization), now=NOON)
    assert len(vault.reads(envelope.commitment, organization=5, after=0, limit=9)) == 1


def test_what_is_not_there_leaves_no_read(vault):
    with pytest.raises(Refused):
        vault.give_out(bytes(32), SECTIONS, to=ASKING, now=NOON)
    assert vault.reads(bytes(32), organization=None, after=0, limit=9) == []


def test_a_credential_that_was_altered_in_the_database_is_not_given_out(vault, put, url):
    envelope = sealed()
    put(envelope)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE vault_documents SET credential = :other"), {"other": b"{}"})
    engine.dispose()
    with pytest.raises(Refused, match="DocumentAltered"):
        vault.get(envelope.commitment, SECTIONS)


# For how long


def test_what_no_act_commits_to_is_gone_after_a_day(vault, put):
    envelope = sealed()
    put(envelope)
    assert vault.expire(Journal(), now=NOON + WAITING_SECONDS) == 1
    assert vault.held([envelope.commitment]) == set()


def test_nothing_of_what_expired_is_left(vault, put, url):
    put(sealed())
    vault.expire(Journal(), now=NOON + WAITING_SECONDS)
    engine = create_engine(url)
    with engine.begin() as connection:
        tables = ("vault_documents", "vault_sections", "vault_keys")
        left = [connection.execute(text(f"SELECT count(*) FROM {table}")).scalar() for table in tables]  # noqa: S608
    engine.dispose()
    assert left == [0, 0, 0]


def test_what_no_act_commits_to_stays_for_a_day(vault, put):
    put(sealed())
    assert vault.expire(Journal(), now=NOON + WAITING_SECONDS - 1) == 0


def test_what_an_act_commits_to_stays(vault, put):
    envelope = sealed()
    put(envelope)
    assert vault.expire(Journal({envelope.commitment}), now=NOON + WAITING_SECONDS) == 0


def test_what_an_act_committed_to_stays_when_that_act_is_orphaned(vault, put):
    envelope = sealed()
    put(envelope)
    vault.expire(Journal({envelope.commitment}), now=NOON + 1)
    assert vault.expire(Journal(), now=NOON + WAITING_SECONDS) == 0


def test_putting_again_starts_the_day_anew(vault, put):
    envelope = sealed()
    put(envelope)
    put(envelope, now=NOON + WAITING_SECONDS - 1)
    assert vault.expire(Journal(), now=NOON + WAITING_SECONDS) == 0


def test_putting_sweeps_what_has_waited_too_long(vault, put):
    old = sealed("Old")
    put(old)
    put(sealed("New"), now=NOON + WAITING_SECONDS)
    assert vault.held([old.commitment]) == set()


# How much


@pytest.fixture
def narrow(monkeypatch):
    """A vault where two documents of an issuer may wait."""
    monkeypatch.setattr(store, "MOST_WAITING", 2)


def test_more_waiting_documents_of_one_issuer_than_the_bound_are_refused(vault, put, narrow):
    put(sealed("1"))
    put(sealed("2"))
    third = sealed("3")
    with pytest.raises(Refused, match="TooManyWaiting"):
        put(third)
    assert vault.held([third.commitment]) == set()


def test_another_issuer_has_room_of_its_own(put, narrow):
    put(sealed("1"))
    put(sealed("2"))
    assert put(sealed("3"), origin=replace(ORIGIN, account=BOB.address))


def test_documents_that_acts_commit_to_take_no_room(put, narrow):
    first, second = sealed("1"), sealed("2")
    put(first)
    put(second)
    assert put(sealed("3"), now=NOON + 1, journal={first.commitment})


def test_waiting_bytes_are_bounded_too(put, monkeypatch):
    monkeypatch.setattr(store, "MOST_WAITING_BYTES", 1000)
    put(sealed("1"))
    with pytest.raises(Refused, match="TooManyWaiting"):
        put(sealed("2"))


def test_a_document_that_is_here_may_be_put_again_when_there_is_no_room(put, narrow):
    first = sealed("1")
    put(first)
    put(sealed("2"))
    assert put(first) is False


def test_a_database_that_does_not_answer_is_unavailable(tmp_path):
    with pytest.raises(Unavailable, match="vault"):
        Vault(f"sqlite:///{tmp_path / 'no folder' / 'vault.sqlite'}")


def test_prices_are_kept_apart_from_goods(vault, put):
    envelope = sealed()
    put(envelope)
    assert vault.get(envelope.commitment, [PRICES]).sections == {PRICES: envelope.sections[PRICES]}


def test_many_who_put_the_same_document_at_once_keep_one_of_it(vault, put):
    envelopes = [sealed()] * 4
    with ThreadPoolExecutor(4) as people:
        new = list(people.map(_attempt(put), envelopes))
    found = vault.get(envelopes[0].commitment, SECTIONS)
    assert (new.count(True), found) == (1, envelopes[0])


def _attempt(put):
    """Puts, and again while somebody else is quicker, as a client does."""

    def attempt(envelope):
        for _ in range(20):
            with contextlib.suppress(Unavailable):
                return put(envelope)
        raise AssertionError("never answered")

    return attempt
