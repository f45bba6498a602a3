"""`certificate check` and `certificate rules`: the lint of end-use certificates, on this machine alone."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ledger.commands.answers import REFUSED, UNUSABLE, AsJson, answering, lines
from ledger.commands.inputs import contents
from ledger.documents.canonical import parse_object
from ledger.errors import InvalidField, Refused

if TYPE_CHECKING:
    from ledger.acts.act import Act
    from ledger.lint.findings import Lint

app = typer.Typer(no_args_is_help=True, help="End-use certificates: what is wrong with one before anyone signs it.")
Profile = Annotated[str | None, typer.Option(help="The rules of which form; by default the certificate's own.")]


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The certificate's fields as JSON, or a whole document.")],
    application: Annotated[
        list[Path] | None, typer.Option(help="An application that it is to back; may be repeated.", dir_okay=False)
    ] = None,
    profile: Profile = None,
    as_of: Annotated[str | None, typer.Option(help="Day of use, YYYY-MM-DD; today (UTC) by default.")] = None,
    first_used: Annotated[str | None, typer.Option(help="Day of its first application, if it had one.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the fields with the findings in them to this file.", dir_okay=False)
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what the certificate lacks and where it contradicts the applications: by which rule and article.

    Ends with 1 if a finding is blocking. With --out the findings stay with what is signed.
    """
    with answering(as_json, refused=UNUSABLE):
        from ledger.lint.check import check, day
        from ledger.lint.reading import application_in, certificate_in

        certificate = certificate_in(parse_object(contents(file, "file"), "certificate"))
        places = [(f"applications[{index}]", path) for index, path in enumerate(application or [])]
        lint = check(
            certificate,
            applications=[application_in(parse_object(contents(path, at), at), at) for at, path in places],
            profile=profile,
            as_of=day(as_of, "asOf") or _today(),
            first_used=day(first_used, "firstUsed"),
        )
        if out is not None:
            fields = {**certificate.to_json(), "lint": lint.carried()}
            out.write_text(json.dumps(fields, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        if as_json:
            typer.echo(json.dumps(lint.to_json()))
        else:
            _show(lint, err=False)
        raise typer.Exit(REFUSED if lint.blocking else 0)


@app.command()
def rules(profile: Profile = None, as_json: AsJson = False) -> None:
    """List the rules of each profile, or of one: how strict, what they ask, by which article."""
    with answering(as_json):
        from ledger.lint.profiles import PROFILES, profile_named

        chosen = [profile_named(profile)] if profile is not None else list(PROFILES.values())
        if as_json:
            typer.echo(json.dumps({"items": [one.to_json() for one in chosen]}))
            return
        for one in chosen:
            typer.echo(f"{one.name} {one.version}: {one.title}")
            lines(
                [
                    (f"{demand.rule.number} {demand.severity}", f"{demand.rule.asks} ({demand.source})")
                    for demand in one.demands
                ]
            )


def warn_signer(act: "Act", document: Path | None, despite_findings: bool) -> None:
    """Show on standard error what the lint finds in the certificate that is about to be signed.

    Raises:
        InvalidField: the document is not that of the act, or does not carry what blocks it.
        Refused: FindingsBlock, a finding is blocking and `despite_findings` is not given.
    """
    from ledger.lint.review import is_certificate, review

    if document is None:
        if is_certificate(act):
            typer.echo("Nothing was checked: --document was not given.", err=True)
        return
    found = review(act, contents(document, "document"), _today())
    if found is None:
        return
    _show(found.lint, err=True)
    if found.lint.blocking and not despite_findings:
        broken = ", ".join(dict.fromkeys(finding.rule for finding in found.lint.blocking))
        raise Refused("FindingsBlock", {"rules": broken, "profile": found.lint.profile})
    if found.left_out:
        wanted = f"carrying {', '.join(found.left_out)} as found; `certificate check --out` writes that"
        raise InvalidField("document.lint", "nothing, or less", wanted)


def _show(lint: "Lint", *, err: bool) -> None:
    count = f"{len(lint.blocking)} of them blocking" if lint.findings else "nothing is missing"
    typer.echo(f"{lint.profile} {lint.version}, as of {lint.as_of}: {len(lint.findings)} findings, {count}", err=err)
    for finding in lint.findings:
        typer.echo(f"  {finding.severity:8}  {finding.rule}  {finding.field}", err=err)
        typer.echo(f"            found {finding.found}; wanted {finding.wanted} ({finding.source})", err=err)


def _today() -> date:
    return datetime.now(UTC).date()
