"""The command line `license-ledger`: this module only puts the verbs of `ledger.commands` together."""

import typer

from ledger.commands import acts, checking, keys, ledgers, running

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
main.command()(acts.prepare)
main.command()(acts.submit)
main.command(name="import")(running.import_register)
main.command()(checking.verify)
main.command()(ledgers.status)
main.command()(ledgers.rebuild)
main.command()(ledgers.deploy)

if __name__ == "__main__":
    main()
