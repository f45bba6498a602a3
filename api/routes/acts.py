"""Acts: prepare one, submit one or many, ask what became of one."""

from fastapi import APIRouter, Response
from fastapi.concurrency import run_in_threadpool

from api.answers import ActStatus, Batch, Included, Prepared
from api.asking import act_status
from api.description import body
from api.parsing import ActBody, BatchBody, DigestPath, Ledger
from api.preparing import prepared
from api.problems import Answers, errors
from api.reading import Stranger
from api.submitting import answer_many, take, take_many

router = APIRouter(prefix="/v1/acts", tags=["acts"])
_KNOWN: Answers = {200: {"model": Included, "description": "The same act was there already; its first answer."}}


@router.post(
    "/prepare",
    responses=errors(400, 401, 408, 409, 413, 422, 503),
    openapi_extra=body("Preparation", "The act's kind and its fields, without those that the ledger knows."),
)
def prepare_act(fields: ActBody, ledger: Ledger, reader: Stranger) -> Prepared:
    """Fill in record, parent and deadline, and give the typed data that any wallet can sign.

    Whoever was appointed has no session yet, and prepares AcceptAppointment without one.
    """
    return prepared(ledger, fields, reader)


@router.post(
    "",
    status_code=201,
    responses=errors(400, 408, 409, 413, 422, 503) | _KNOWN,
    openapi_extra=body("Submission", "The typed data that was signed, and the signature."),
)
async def submit_act(submission: ActBody, ledger: Ledger, response: Response) -> Included:
    """Bring one signed act to the contracts and wait until it is in the journal, or refused."""
    response.status_code, included = await take(ledger, submission).answer()
    return included


@router.post(
    "/batch",
    status_code=207,
    responses=errors(400, 408, 413, 422, 503),
    openapi_extra=body("Submission", "At most 500 submissions.", many=True),
)
async def submit_batch(data: BatchBody, ledger: Ledger) -> Batch:
    """Bring many signed acts to the contracts, in order; each gets its own answer."""
    return await answer_many(await run_in_threadpool(take_many, ledger, data))


@router.get("/{digest}", responses=errors(404, 422, 503))
def get_act(digest: DigestPath, ledger: Ledger) -> ActStatus:
    """What is known here of an act: waiting, included, refused."""
    return act_status(digest, ledger)
