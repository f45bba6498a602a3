"""The command line `license-ledger`: this module only puts the verbs of `ledger.commands` together."""

import typer

from ledger.commands import (
    acts,
    certificate,
    checking,
    disclosing,
    documents,
    dossiers,
    index,
    keys,
    ledgers,
    running,
    witnessing,
)

main = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="An auditable ledger for export licenses. Every verb takes --json. Exit codes: 0 done, 1 refused or not"
    " holding, 2 unusable input, 3 unavailable.",
)
main.command()(running.serve)
main.command()(running.demo)
main.add_typer(keys.app, name="keys")
main.add_typer(certificate.app, name="certificate")
main.add_typer(documents.app, name="documents")
main.add_typer(index.app, name="index")
main.command()(acts.prepare)
main.command()(acts.submit)
main.command(name="import")(running.import_register)
main.command()(checking.verify)
main.command()(disclosing.disclose)
main.command()(dossiers.dossier)
main.add_typer(witnessing.app, name="witness")
main.command()(ledgers.status)
main.command()(ledgers.rebuild)
main.command()(ledgers.deploy)

if __name__ == "__main__":
    main()
