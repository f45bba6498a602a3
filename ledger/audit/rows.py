"""Every row of RULES.md by the class of its act: the dispatch of the judge."""

from collections.abc import Mapping

from ledger.acts.act import Act
from ledger.audit import (
    agents,
    applications,
    certificates,
    issuance,
    licenses,
    manifests,
    orders,
    organizations,
    policies,
    remarks,
    reports,
    shipments,
)
from ledger.audit.case import Row

ROWS: Mapping[type[Act], Row] = {
    row.act: row
    for subject in (
        *(organizations, agents, policies, certificates, applications, issuance),
        *(licenses, shipments, manifests, reports, remarks, orders),
    )
    for row in subject.ROWS
}
