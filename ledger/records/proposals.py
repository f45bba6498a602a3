"""Acts that take two agents: the first entry proposes, the second of equal content acts (RULES.md, section 1)."""

from eth_utils.crypto import keccak

from ledger.acts.act import Act
from ledger.journal.entries import Entry
from ledger.records.book import Book
from ledger.records.parts import Proposal

_OWN = 4 * 32
"""record, parent, organization and deadline: the words that every act has first."""


def seconded(act: Act, entry: Entry, proposals: tuple[Proposal, ...], book: Book) -> tuple[bool, tuple[Proposal, ...]]:
    """Whether the entry is the second of its act, and the proposals that are open after it."""
    content = keccak(act.KIND.to_bytes(32, "big") + act.words()[_OWN:])
    others = tuple(one for one in proposals if one.kind != act.KIND)
    if any(one.content == content for one in proposals):
        return True, others
    agent = book.agent(entry.organization, entry.signer).number
    return False, (*others, Proposal(kind=act.KIND, agent=agent, content=content))
