"""Acts that take two agents: the first entry proposes, the second of equal content acts (RULES.md, section 1)."""

from eth_utils.crypto import keccak

from ledger.acts.act import Act
from ledger.acts.structs import members
from ledger.journal.entries import Entry
from ledger.records.book import Book
from ledger.records.parts import Proposal

_COMMON = 4
"""record, parent, organization and deadline: the members that every act has first."""


def seconded(act: Act, entry: Entry, proposals: tuple[Proposal, ...], book: Book) -> tuple[bool, tuple[Proposal, ...]]:
    """Whether the entry is the second of its act, and the proposals that are open after it."""
    content = _content(act)
    others = tuple(one for one in proposals if one.kind != act.KIND)
    if any(one.content == content for one in proposals):
        return True, others
    agent = book.agent(entry.organization, entry.signer).number
    return False, (*others, Proposal(kind=act.KIND, agent=agent, content=content))


def _content(act: Act) -> bytes:
    """keccak256(abi.encode(kind, the act's own members)); each member is a word, or an array of structs or words."""
    encoded = act.encoded()[32 if act.has_arrays() else 0 :]
    own = members(type(act))
    words = [encoded[start : start + 32] for start in range(0, 32 * len(own), 32)]
    for place, member in enumerate(own):
        if member.array:
            # Its offset counts from a head in which one word, the kind, stands for the common members.
            words[place] = (int.from_bytes(words[place], "big") - 32 * (_COMMON - 1)).to_bytes(32, "big")
    return keccak(act.KIND.to_bytes(32, "big") + b"".join(words[_COMMON:]) + encoded[32 * len(own) :])
