"""Does signing in open a session for an active agent, once, and for nobody else?"""

import socket
import time
from contextlib import closing
from datetime import UTC, datetime

import pytest
from eth_utils.address import to_checksum_address

from api.app import create_app
from api.sessions import NONCE_SECONDS, SESSION_SECONDS, SESSIONS_OF_ONE, Sessions
from ledger import sign_in
from ledger.acts.organizations import AcceptAppointment, AppointAgent, DismissAgent
from ledger.client import Client
from ledger.errors import Refused
from tests.api.office import CARRIER
from tests.api.signing_in import SERVICE, asked, asking, message, moment, signature, signed
from tests.scenario import CUSTODY, keys_of

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
REFUSED = (401, "SignInRefused")


def told(answer):
    return answer.status_code, answer.json()["title"]


@pytest.fixture(scope="module")
def opened_session(stranger, office):
    """The answer to a sign-in."""
    return stranger.post("/v1/sessions", json=signed("driver", message(stranger, "driver")))


def test_an_active_agent_gets_a_session(opened_session):
    assert opened_session.status_code == 201
    assert (opened_session.json()["organization"], opened_session.json()["roles"]) == (CARRIER, ["carrier"])


def test_a_session_is_over_after_twelve_hours(opened_session):
    assert abs(opened_session.json()["expires"] - time.time() - 12 * 3600) < 60


def test_a_session_reads(opened_session, stranger):
    headers = {"authorization": f"Bearer {opened_session.json()['token']}"}
    assert stranger.get("/v1/organizations", headers=headers).status_code == 200


def test_a_session_ends_when_its_owner_says_so(address, office):
    with closing(asking(address, "driver")) as driver:
        answers = driver.delete("/v1/sessions").status_code, told(driver.get("/v1/organizations"))
    assert answers == (204, (401, "SessionUnknown"))


def test_a_message_with_every_optional_part_is_understood(stranger, office):
    more = (
        f"\nExpiration Time: {moment(3600)}\nNot Before: {moment(-60)}\nRequest ID: 7%20a:@b\n"
        "Resources:\n- https://ledger.example/a?b=c#d\n- urn:isbn:0451450523"
    )
    text = message(stranger, "driver", more=more).replace("\n\n\n", "\n\nTo read (and no more).\n\n")
    assert stranger.post("/v1/sessions", json=signed("driver", text)).status_code == 201


def test_a_message_may_name_the_scheme(stranger, office):
    text = "http://" + message(stranger, "driver")
    assert stranger.post("/v1/sessions", json=signed("driver", text)).status_code == 201


def test_a_session_is_over_when_its_message_expires(stranger, office):
    text = message(stranger, "driver", more=f"\nExpiration Time: {moment(90)}")
    assert abs(stranger.post("/v1/sessions", json=signed("driver", text)).json()["expires"] - time.time() - 90) < 10


EXAMPLE = (
    "{origin} wants you to sign in with your Ethereum account:\n0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2\n\n"
    "I accept the ExampleOrg Terms of Service: https://example.com/tos\n\nURI: https://example.com/login\n"
    "Version: 1\nChain ID: 1\nNonce: 32891756\nIssued At: 2021-09-30T16:25:24Z\nResources:\n"
    "- ipfs://bafybeiemxf5abjwjbikoz4mc3a3dla6ual3jsgpdr4cjr3oz3evfyavhwq/\n- https://example.com/my-web2-claim.json"
)
"""The message that EIP-4361 shows, from three origins."""


@pytest.mark.parametrize(
    ("origin", "scheme", "domain"),
    [
        ("example.com", None, "example.com"),
        ("example.com:3388", None, "example.com:3388"),
        ("https://example.com", "https", "example.com"),
    ],
)
def test_the_examples_of_the_eip_are_read(origin, scheme, domain):
    said = sign_in.read(EXAMPLE.format(origin=origin))
    assert (said.scheme, said.domain, said.chain_id, said.issued_at) == (scheme, domain, 1, 1_633_019_124)


def test_what_we_write_is_what_we_read():
    text = sign_in.write(
        keys_of("driver").address, origin="https://a.b:8", chain_id=7, nonce="x" * 8, now=1_633_019_124
    )
    said = sign_in.read(text)
    assert (said.address, said.uri, said.issued_at) == (
        keys_of("driver").address,
        "https://a.b:8/v1/sessions",
        1_633_019_124,
    )


def test_a_client_signs_in_and_out_again(address, office):
    with Client(address) as client:
        client.sign_in(keys_of("driver"))
        items = client.get("/v1/organizations", limit=1)["items"]
        client.sign_out()
        with pytest.raises(Refused, match="SessionMissing"):
            client.get("/v1/organizations")
    assert len(items) == 1


WRONG = {
    "another domain": ({"domain": "ledger.example"}, "message.domain"),
    "our domain and a port": ({"domain": "127.0.0.1"}, "message.domain"),
    "a user before our domain": (lambda ours: {"domain": f"ledger@{ours}"}, "message.domain"),
    "another uri": ({"uri": "https://ledger.example/v1/sessions"}, "message.uri"),
    "a uri that begins as ours": (lambda ours: {"uri": f"http://{ours}0"}, "message.uri"),
    "another chain": ({"chain_id": 1}, "message.chainId"),
    "a chain id without end": ({"chain_id": "9" * 31}, "message"),
    "an old message": ({"issued_at": moment(-NONCE_SECONDS - 60)}, "message.issuedAt"),
    "a message of tomorrow": ({"issued_at": moment(86_400)}, "message.issuedAt"),
    "an expired message": ({"more": f"\nExpiration Time: {moment(-1)}"}, "message.expirationTime"),
    "a message not yet good": ({"more": f"\nNot Before: {moment(600)}"}, "message.notBefore"),
    "a day that does not exist": ({"issued_at": "2026-02-30T00:00:00Z"}, "message.issuedAt"),
    "a time without zone": ({"issued_at": "2026-11-22T08:00:00"}, "message"),
    "an address in lower case": (lambda _: {"address": "0x" + keys_of("driver").address.hex()}, "message.address"),
    "a short nonce": ({"nonce": "1234567"}, "message"),
    "a nonce with a sign": ({"nonce": "1234-5678"}, "message"),
    "version 2": ({"chain_id": "1\nVersion: 2"}, "message"),
    "a field twice": ({"more": "\nIssued At: 2026-11-22T08:00:00Z"}, "message"),
    "fields in another order": ({"more": f"\nNot Before: {moment(-9)}\nExpiration Time: {moment(9)}"}, "message"),
    "a line after the end": ({"more": "\n"}, "message"),
    "a resource that is no uri": ({"more": "\nResources:\n- no uri"}, "message"),
    "an escape cut short": ({"more": "\nRequest ID: %2"}, "message"),
    "a NUL": ({"more": "\nRequest ID: \0"}, "message"),
    "a carriage return": ({"more": "\r"}, "message"),
    "letters that are not ASCII": ({"domain": "127.0.0.1\u200b"}, "message"),
    "5,000 characters": ({"more": "\nRequest ID: " + "x" * 5000}, "message"),
}
"""By fault: what it changes in a good message, and the field that the refusal names."""


@pytest.mark.parametrize("fault", WRONG)
def test_a_message_that_is_not_for_us_and_now_is_refused_with_its_field(stranger, office, fault):
    changed, field = WRONG[fault]
    ours = str(stranger.base_url).removeprefix("http://").rstrip("/")
    text = message(stranger, "driver", **(changed(ours) if callable(changed) else changed))
    answer = stranger.post("/v1/sessions", json=signed("driver", text))
    assert (*told(answer), answer.json().get("field")) == (422, "InvalidField", field)


def test_another_scheme_is_refused(stranger, office):
    text = "https://" + message(stranger, "driver")
    assert stranger.post("/v1/sessions", json=signed("driver", text)).json()["field"] == "message.scheme"


BODIES = {
    "no object": ([], "body"),
    "a member too many": ({"message": "", "signature": "", "token": ""}, "token"),
    "no message": ({"signature": "0x" + "00" * 65}, "message"),
    "a message that is no text": ({"message": {}, "signature": "0x" + "00" * 65}, "message"),
}


@pytest.mark.parametrize("fault", BODIES)
def test_a_body_that_is_no_sign_in_is_refused_with_its_field(stranger, fault):
    body, field = BODIES[fault]
    answer = stranger.post("/v1/sessions", json=body)
    assert (*told(answer), answer.json()["field"]) == (422, "InvalidField", field)


@pytest.mark.parametrize(
    ("body", "status", "title"),
    [
        (b'{"message": "a", "message": "b"}', 422, "InvalidField"),
        (b'{"message": "\\ud800", "signature": ""}', 422, "InvalidField"),
        (b"[" * 10_000, 422, "InvalidField"),
        (b"{", 400, "NotJson"),
        (b" " * 20_000, 413, "BodyTooLarge"),
    ],
)
def test_a_body_that_is_no_strict_json_is_refused(stranger, body, status, title):
    assert told(stranger.post("/v1/sessions", content=body)) == (status, title)


@pytest.mark.parametrize("given", ["", "0x12", "0x" + "zz" * 65, "0x" + "11" * 66])
def test_a_signature_of_another_form_is_refused(stranger, office, given):
    answer = stranger.post("/v1/sessions", json={"message": message(stranger, "driver"), "signature": given})
    assert (*told(answer), answer.json()["field"]) == (422, "InvalidField", "signature")


def spoiled(person, text, how):
    raw = bytes.fromhex(signature(person, text)[2:])
    other = ORDER - int.from_bytes(raw[32:64], "big")
    return {
        "high s": raw[:32] + other.to_bytes(32, "big") + bytes([55 - raw[64]]),
        "v 0": raw[:64] + bytes([raw[64] - 27]),
        "no curve point": b"\xff" * 64 + b"\x1b",
        "zero": bytes(64) + b"\x1b",
        "another message": bytes.fromhex(signature(person, text + " ")[2:]),
        "another account": bytes.fromhex(signature("storekeeper", text)[2:]),
    }[how]


@pytest.mark.parametrize("how", ["high s", "v 0", "no curve point", "zero", "another message", "another account"])
def test_a_signature_that_is_not_the_accounts_opens_nothing(stranger, office, how):
    text = message(stranger, "driver")
    body = {"message": text, "signature": "0x" + spoiled("driver", text, how).hex()}
    assert told(stranger.post("/v1/sessions", json=body)) == REFUSED


@pytest.mark.parametrize("nonce", ["0" * 64, "abcdefgh", "ab" * 500])
def test_a_nonce_that_nobody_gave_opens_nothing(stranger, office, nonce):
    assert (
        told(stranger.post("/v1/sessions", json=signed("driver", message(stranger, "driver", nonce=nonce)))) == REFUSED
    )


def test_a_nonce_whose_time_was_moved_opens_nothing(stranger, office):
    nonce = stranger.post("/v1/sessions/nonce").json()["nonce"]
    later = f"{int(nonce[:10], 16) + 1:010x}{nonce[10:]}"
    assert (
        told(stranger.post("/v1/sessions", json=signed("driver", message(stranger, "driver", nonce=later)))) == REFUSED
    )


def test_a_nonce_opens_one_session(stranger, office):
    body = signed("driver", message(stranger, "driver"))
    first, second = (stranger.post("/v1/sessions", json=body) for _ in range(2))
    assert (first.status_code, told(second)) == (201, REFUSED)


def test_the_nonce_of_one_opens_nothing_for_another_afterwards(stranger, office):
    nonce = stranger.post("/v1/sessions/nonce").json()["nonce"]
    stranger.post("/v1/sessions", json=signed("driver", message(stranger, "driver", nonce=nonce)))
    again = signed("storekeeper", message(stranger, "storekeeper", nonce=nonce))
    assert told(stranger.post("/v1/sessions", json=again)) == REFUSED


def test_an_account_of_nobody_is_told_no_more_than_a_wrong_signature(stranger, office):
    text = message(stranger, "driver")
    wrong = stranger.post("/v1/sessions", json={"message": text, "signature": signature("storekeeper", text)})
    nobody = stranger.post("/v1/sessions", json=signed("nobody", message(stranger, "nobody")))
    assert (nobody.status_code, nobody.json()) == (wrong.status_code, wrong.json())


@pytest.fixture(scope="module")
def hired(office):
    """Somebody who is appointed and has not accepted."""
    account = keys_of("third driver").address
    office.send_all([office.write(AppointAgent, "carrier admin", CARRIER, account=account, powers=CUSTODY)])
    return office.deployment.agent_record(CARRIER, account)


def accepted(office, record):
    public = keys_of("third driver").public
    keys = {"ed25519": public.ed25519, "x25519": public.x25519}
    office.send_all([office.write(AcceptAppointment, "third driver", CARRIER, record=record, **keys)])


def test_a_session_begins_with_the_acceptance_and_ends_with_the_dismissal(address, stranger, office, hired):
    before = told(stranger.post("/v1/sessions", json=signed("third driver", message(stranger, "third driver"))))
    accepted(office, hired)
    with closing(asking(address, "third driver")) as driver:
        during = driver.get("/v1/organizations").status_code
        leaving = {"record": hired, "reason": 1, "compromised_since": 0}
        office.send_all([office.write(DismissAgent, "carrier admin", CARRIER, **leaving)])
        after = told(driver.get("/v1/organizations"))
    again = told(stranger.post("/v1/sessions", json=signed("third driver", message(stranger, "third driver"))))
    assert (before, during, after, again) == (REFUSED, 200, (401, "SessionUnknown"), REFUSED)


TOKENS = {
    "no scheme": "abcdef",
    "another scheme": "Basic YTpi",
    "nothing": "Bearer",
    "garbage": "Bearer %%%",
    "an older session": "Bearer " + "A" * 43,
    "10,000 characters": "Bearer " + "A" * 10_000,
    "letters that are not ASCII": "Bearer \u00e9\u00e9",
}


@pytest.mark.parametrize("fault", TOKENS)
def test_a_token_that_is_none_reads_nothing(stranger, office, fault):
    answer = stranger.get("/v1/organizations", headers={"authorization": TOKENS[fault].encode("latin-1")})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_header_without_end_is_not_read(stranger):
    place = (stranger.base_url.host, stranger.base_url.port)
    with socket.create_connection(place, timeout=10) as wire:
        wire.sendall(b"GET /v1/organizations HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer " + b"A" * 70_000)
        assert wire.recv(1000).startswith(b"HTTP/1.1 400 ")


def test_too_many_attempts_are_told_when_to_come_back(opened):
    app = create_app(opened, SERVICE)
    app.state.sessions = Sessions(SERVICE, 1, attempts=3)
    body = {"message": "a", "signature": "b"}
    answers = [asked(app, "POST", "/v1/sessions", json=body) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert 1 <= int(answers[3].headers["retry-after"]) <= 60


class Clock:
    """Stands still until it is moved."""

    def __init__(self):
        self.now = 1_795_305_600.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def sessions(clock):
    return Sessions("https://ledger.example", 7, clock=clock)


def said_at(clock, person, nonce):
    """A message of that moment."""
    return (
        "ledger.example wants you to sign in with your Ethereum account:\n"
        f"{to_checksum_address(keys_of(person).address)}\n\n\nURI: https://ledger.example/\nVersion: 1\nChain ID: 7\n"
        f"Nonce: {nonce}\nIssued At: {datetime.fromtimestamp(clock.now, UTC).isoformat()}"
    )


def begun(sessions, clock, person="driver"):
    """A session of the person: its token and what was said."""
    text = said_at(clock, person, sessions.nonce()[0])
    said = sessions.signed_in(text, signature(person, text), caller="here")
    return sessions.begin(said)[0], said


def test_a_nonce_is_good_for_ten_minutes(sessions, clock):
    nonce, _ = sessions.nonce()
    clock.now += NONCE_SECONDS
    text = said_at(clock, "driver", nonce)
    with pytest.raises(Refused, match="SignInRefused"):
        sessions.signed_in(text, signature("driver", text), caller="here")


def test_a_session_is_nobodys_after_its_time(sessions, clock):
    token, _ = begun(sessions, clock)
    clock.now += SESSION_SECONDS
    assert sessions.account(token) is None


def test_a_sign_in_that_opened_a_session_opens_no_second_one(sessions, clock):
    _, said = begun(sessions, clock)
    with pytest.raises(Refused, match="SignInRefused"):
        sessions.begin(said)


def test_of_one_account_the_oldest_session_gives_way(sessions, clock):
    tokens = [begun(sessions, clock)[0] for _ in range(SESSIONS_OF_ONE + 1)]
    alive = [sessions.account(token) is not None for token in tokens]
    assert alive == [False] + [True] * SESSIONS_OF_ONE


def test_of_all_sessions_the_oldest_gives_way(sessions, clock, monkeypatch):
    monkeypatch.setattr("api.sessions.MOST_SESSIONS", 2)
    tokens = [begun(sessions, clock, person)[0] for person in ("driver", "clerk", "official")]
    assert [sessions.account(token) is not None for token in tokens] == [False, True, True]


def test_attempts_are_counted_anew_each_minute(clock):
    sessions = Sessions("https://ledger.example", 7, clock=clock, attempts=1)
    tried = [attempt(sessions, "one"), attempt(sessions, "one"), attempt(sessions, "two")]
    clock.now += 60
    assert [*tried, attempt(sessions, "one")] == ["InvalidField", "TooManyAttempts", "InvalidField", "InvalidField"]


def test_attempts_from_everywhere_are_bounded_together(clock):
    sessions = Sessions("https://ledger.example", 7, clock=clock, attempts=1)
    tried = [attempt(sessions, f"address {number}") for number in range(51)]
    assert tried == ["InvalidField"] * 50 + ["TooManyAttempts"]


def attempt(sessions, caller):
    with pytest.raises(Refused) as refused:
        sessions.signed_in("nothing", "", caller=caller)
    return refused.value.name
