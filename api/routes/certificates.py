"""End-use certificates before anyone signs them: what is missing or contradicts, and the rules behind it."""

from datetime import UTC, datetime

from fastapi import APIRouter

from api.linting import CHECK_BODY, CertificateCheck, CheckBody, ProfileName, RuleList, rule_list
from api.problems import errors
from api.reading import Reader
from ledger.lint.check import check_request

router = APIRouter(prefix="/v1/certificates", tags=["certificates"])


@router.post("/check", responses=errors(400, 401, 408, 409, 413, 422, 503), openapi_extra=CHECK_BODY)
def check_certificate(_: Reader, asked: CheckBody) -> CertificateCheck:
    """Say what a certificate lacks, or where it contradicts the applications, under a profile. Nothing is kept."""
    return CertificateCheck.of(check_request(asked, datetime.now(UTC).date()).to_json())


@router.get("/rules", responses=errors(422))
def list_rules(profile: ProfileName = None) -> RuleList:
    """The rules of each profile: what they ask, how strictly, by which article."""
    return rule_list(profile)
