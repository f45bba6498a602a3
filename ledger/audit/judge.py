"""The judge: one act against a state, checked in the order of section 1 of RULES.md, entered or refused.

Signatures are not checked here: `signer` is whom the signature recovers to, `digest` what it signs. A refused act
leaves the state as it was.
"""

import dataclasses

from ledger.acts.act import Act, ActClass
from ledger.acts.organizations import AppointAgent
from ledger.audit.authority import authorize
from ledger.audit.case import Case, Row
from ledger.audit.codes import LONGEST_DEADLINE
from ledger.audit.heads import RECORD_CONTRACTS, account_salt, record_id
from ledger.audit.journal import Outcome, enter
from ledger.audit.refusals import require
from ledger.audit.rows import ROWS
from ledger.audit.state import Proposal, Record, State
from ledger.errors import Refused
from ledger.ids import ZERO32


def judge(state: State, act: Act, *, signer: bytes, time: int, digest: bytes) -> Outcome:
    """The entry of an act in a block of that time (UTC seconds); `state` is the one after it.

    Raises:
        Refused: with the name and the values of the contract's error; the state is as before.
    """
    try:
        outcome = consider(Case(state, act, signer, time, digest))
    except Refused:
        state.rollback()
        raise
    state.commit()
    return outcome


def consider(case: Case[Act]) -> Outcome:
    """Section 1, step by step; 2, the signature, is the caller's.

    What the act changes waits in the state for its commit or rollback.

    Raises:
        Refused: as `judge`.
    """
    row = ROWS[type(case.act)]
    _in_time(case)  # 1
    _stands(case, row)  # 3
    authorize(case, row)  # 4
    _binds(case)  # 5
    _has_status(case, row)  # 6
    row.checks(case)  # 7
    if row.two_agents and not _is_second(case):
        case.state.proposals.put((case.act.record, case.act.KIND), Proposal(_bare(case.act), case.agent))
    else:
        _take_effect(case, row)
    return enter(case)


def _in_time(case: Case[Act]) -> None:
    deadline, latest = case.act.deadline, case.time + LONGEST_DEADLINE
    require(deadline >= case.time, "DeadlinePassed", deadline, case.time)
    require(deadline <= latest, "DeadlineTooFar", deadline, latest)


def _stands(case: Case[Act], row: Row) -> None:
    act, state = case.act, case.state
    if not act.CREATES:
        state.the(row.record, act.record)
        return
    expected = created_id(state, act)
    require(act.record == expected, "WrongRecordId", act.record, expected)
    standing = state.find(Record, act.record)
    head = standing.head if standing else ZERO32
    require(standing is None and act.parent == ZERO32, "StaleParent", act.record, head, act.parent)


def created_id(state: State, act: Act) -> bytes:
    """The id that the record of a creating act must have (A4)."""
    salt = account_salt(act.account) if isinstance(act, AppointAgent) else getattr(act, "salt", ZERO32)
    contract = state.contracts[RECORD_CONTRACTS[act.RECORD]]
    return record_id(state.chain_id, contract, kind=act.RECORD, organization=act.organization, salt=salt)


def _binds(case: Case[Act]) -> None:
    act, state = case.act, case.state
    if act.CLASS is not ActClass.STEP:
        require(case.digest not in state.spent, "AlreadyEntered", case.digest)
        state.spent.put(case.digest, True)
    elif not act.CREATES:
        head = state.the(Record, act.record).head
        require(act.parent == head, "StaleParent", act.record, head, act.parent)


def _has_status(case: Case[Act], row: Row) -> None:
    if row.allowed:
        status = row.status(case)
        require(bool(row.allowed >> status & 1), "WrongStatus", case.act.record, status, row.allowed)


def _bare(act: Act) -> Act:
    """What two entries of one act have in common: all but parent and deadline."""
    return dataclasses.replace(act, parent=ZERO32, deadline=0)


def _is_second(case: Case[Act]) -> bool:
    """Whether another agent has proposed the same; FourEyes where the same agent has."""
    place = case.act.record, case.act.KIND
    proposal = case.state.proposals.get(place)
    if proposal is None or proposal.act != _bare(case.act):
        return False
    require(proposal.agent != case.agent, "FourEyes", case.agent, case.act.record)
    case.state.proposals.put(place, None)
    return True


def _take_effect(case: Case[Act], row: Row) -> None:
    status = row.effects(case)
    after = row.to if status is None else status
    if after is not None:
        case.state.draft(Record, case.act.record).status = after
