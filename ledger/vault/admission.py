"""What may be put into the vault: checked from the envelope and the read model, without opening anything.

    1. the credential is the one that the commitment commits to
    2. both sections are there, each with a key for at least one agent, each key once, all for active agents
    3. its proof holds, on this ledger's chain, and was made with the document key that its issuer has now; or, where an
       act of the issuer commits to it already, with any key that the issuer has had: a lost document can be put again
       when its author has left
    4. an anonymous document has no proof: an act must commit to it already

Whether the ciphertext is the credential's, the service cannot see: the first reader does.
"""

from ledger.acts.organizations import AcceptAppointment, RotateAgentKeys
from ledger.documents.canonical import JsonObject, parse_canonical
from ledger.documents.credentials import Document, Secured, verify
from ledger.documents.kinds import KINDS
from ledger.documents.sealing import SECTIONS, Envelope, SealedKey
from ledger.errors import InvalidField, Refused
from ledger.ids import Address, Commitment, hex0x
from ledger.read_model.filters import AgentFilter
from ledger.read_model.model import ReadModel
from ledger.records.codes import AgentStatus
from ledger.records.states import Agent
from ledger.vault.store import Origin


def admit(envelope: Envelope, commitment: Commitment, *, read_model: ReadModel, chain_id: int) -> Origin:
    """Who made a document that may be put, and of which kind it is.

    Raises:
        InvalidField: another commitment, another chain, a section that is missing or without a key.
        Refused: ProofInvalid; NotTheIssuersKey; KeyForNobody, its recipient is no active agent's X25519 key;
            NotCommitted, it names no issuer and no act commits to it.
    """
    if envelope.commitment != commitment:
        raise InvalidField("commitment", hex0x(commitment), f"that of the credential, {hex0x(envelope.commitment)}")
    _check_sections(envelope)
    origin = _origin(envelope, read_model, chain_id)
    wanted = {key.recipient for key in envelope.keys}
    for recipient in sorted(wanted - read_model.active_keys(sorted(wanted))):
        raise Refused("KeyForNobody", {"recipient": recipient})
    return origin


def check_keys(keys: tuple[SealedKey, ...], readers: dict[str, set[bytes]]) -> None:
    """Refuse keys for others than those who may read. `readers`: X25519 keys by section.

    Raises:
        InvalidField: none, or one twice.
        Refused: KeyForNobody.
    """
    if not keys:
        raise InvalidField("keys", "none", "at least one key")
    _check_once(keys, "keys")
    for key in keys:
        if key.recipient not in readers[key.section]:
            raise Refused("KeyForNobody", {"recipient": key.recipient})


def _check_sections(envelope: Envelope) -> None:
    for name in SECTIONS:
        if name not in envelope.sections:
            raise InvalidField(f"envelope.sections.{name}", None, "every section")
        if not any(key.section == name for key in envelope.keys):
            raise InvalidField("envelope.keys", f"none for {name}", "a key of every section")
    _check_once(envelope.keys, "envelope.keys")


def _check_once(keys: tuple[SealedKey, ...], place: str) -> None:
    if len({(key.section, key.recipient) for key in keys}) != len(keys):
        raise InvalidField(place, "the same section and recipient twice", "each once")


def _origin(envelope: Envelope, read_model: ReadModel, chain_id: int) -> Origin:
    credential = parse_canonical(envelope.credential)
    if "issuer" not in credential and "proof" not in credential:
        return _anonymous(credential, envelope.commitment, read_model)
    secured = verify(Document(envelope.credential, ()))
    if secured.kind not in KINDS:
        raise InvalidField("envelope.credential.type", secured.kind, f"one of {', '.join(KINDS)}")
    if secured.chain_id != chain_id:
        raise InvalidField("envelope.credential.issuer", secured.chain_id, f"an account on chain {chain_id}")
    agents = read_model.agents(AgentFilter(account=secured.issuer), limit=200).items
    for agent in agents:
        if agent.status == AgentStatus.ACTIVE and agent.ed25519 == secured.ed25519_public:
            return Origin(secured.issuer, agent.organization, secured.kind)
    return _former(secured, agents, read_model)


def _former(secured: Secured, agents: tuple[Agent, ...], read_model: ReadModel) -> Origin:
    """The author of a document that stands on the ledger, by any key of its own."""
    if read_model.references(secured.commitment, signer=secured.issuer):
        for agent in agents:
            for entry in read_model.key_acts(agent.record):
                match entry.decoded():
                    case AcceptAppointment() | RotateAgentKeys() as act if act.ed25519 == secured.ed25519_public:
                        return Origin(secured.issuer, agent.organization, secured.kind)
    raise Refused("NotTheIssuersKey", {"issuer": secured.issuer, "ed25519": secured.ed25519_public})


def _anonymous(credential: JsonObject, commitment: Commitment, read_model: ReadModel) -> Origin:
    """Of a document without an issuer: whoever first committed to it."""
    found = read_model.references(commitment)
    if not found:
        raise Refused("NotCommitted", {"commitment": commitment})
    match credential.get("type"):
        case ["VerifiableCredential", str(kind)] if kind in KINDS:
            return Origin(Address(b""), found[0].organization, kind)
        case other:
            raise InvalidField("envelope.credential.type", other, '["VerifiableCredential", <kind>]')
