"""Whether a document counts: its author committed to it in an act that takes its kind, with its own key of then.

Asks the read model, which the ledger's chain has been read into. Whether the document's own proof holds is for
`documents.credentials` to check first, and what the act may say for `provenance`.
"""

from dataclasses import dataclass

from ledger.acts.organizations import AcceptAppointment, RotateAgentKeys
from ledger.acts.words import Json
from ledger.documents.credentials import Secured
from ledger.documents.kinds import KIND_OF
from ledger.ids import RecordId, hex0x
from ledger.read_model.filters import AgentFilter
from ledger.read_model.model import ReadModel


@dataclass(frozen=True, slots=True)
class Committed:
    """An act of the document's author that commits to it."""

    seq: int
    act: str
    record: RecordId
    own_key: bool
    """Whether the proof was made with the document key that the author had at that entry."""
    fits: bool
    """Whether the act takes documents of this kind."""

    @property
    def counts(self) -> bool:
        """Whether the document stands behind this act."""
        return self.own_key and self.fits

    def to_json(self) -> dict[str, Json]:
        """As verbs and services tell it."""
        own = {"ownKey": self.own_key, "fits": self.fits, "counts": self.counts}
        return {"seq": self.seq, "act": self.act, "record": hex0x(self.record), **own}


def committed(secured: Secured, read_model: ReadModel) -> tuple[Committed, ...]:
    """The acts by which the author of a verified document commits to it, in order."""
    keys = _keys(secured, read_model)
    return tuple(
        Committed(
            found.seq,
            found.act,
            found.record,
            own_key=[key for seq, key in keys if seq <= found.seq][-1:] == [secured.ed25519_public],
            fits=secured.kind in KIND_OF.get(found.act, ()),
        )
        for found in read_model.references(secured.commitment, signer=secured.issuer)
    )


def _keys(secured: Secured, read_model: ReadModel) -> list[tuple[int, bytes]]:
    """The author's document keys, each with the entry from which it held."""
    keys = []
    # An account is never used by two agents, so there is one at most.
    for agent in read_model.agents(AgentFilter(account=secured.issuer), limit=1).items:
        for entry in read_model.key_acts(agent.record):
            match entry.decoded():
                case AcceptAppointment() | RotateAgentKeys() as act:
                    keys.append((entry.seq, act.ed25519))
    return keys
