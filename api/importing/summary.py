"""What an import says when it is done: the rejects file, and the counts as JSON or as a table.

Every row is counted once: on the ledger by this run, completed, already there, or a reject.
"""

import csv
import io
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from api.importing.reading import Reject
from api.importing.rows import Summary
from ledger.acts.words import Json
from ledger.errors import Unavailable

REJECT_COLUMNS = ("line", "field", "value", "reason")


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """Counts of one run, in rows.

    `entered`: recorded and issued by this run. `completed`: recorded by an earlier run, issued by this one.
    `already`: there before. `counts`: all rows, rejects by reason, decisions of the accepted rows. `seconds`: spent
    on writing.
    """

    counts: Summary
    entered: int
    completed: int
    already: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Licenses that this run put on the ledger, a second."""
        return (self.entered + self.completed) / self.seconds if self.seconds else 0.0

    def to_json(self) -> dict[str, Json]:
        """The counts for a program."""
        return {
            "rows": self.counts.rows,
            "entered": self.entered,
            "completed": self.completed,
            "already": self.already,
            "rejected": [
                {"field": field, "reason": reason, "rows": rows}
                for (field, reason), rows in self.counts.rejected.items()
            ],
            "decided": [
                {"field": field, "rule": rule, "rows": rows} for (field, rule), rows in self.counts.decided.items()
            ],
            "milliseconds": round(1000 * self.seconds),
        }

    def __rich__(self) -> Table:
        table = Table("What", "Rows", title=f"{self.counts.rows:,} rows", title_justify="left")
        table.columns[1].justify = "right"
        table.add_row("on the ledger, new", f"{self.entered:,}")
        table.add_row("on the ledger, completed", f"{self.completed:,}")
        table.add_row("on the ledger, already there", f"{self.already:,}", end_section=True)
        for (field, reason), rows in self.counts.rejected.items():
            table.add_row(f"reject: {field} {reason}", f"{rows:,}")
        table.add_row("rejects", f"{sum(self.counts.rejected.values()):,}", end_section=True)
        for (field, rule), rows in self.counts.decided.items():
            table.add_row(f"decided by the mapping: {field}: {rule}", f"{rows:,}")
        if self.per_second:
            table.caption = f"{self.per_second:.1f} licenses a second, {self.seconds:.0f} s"
        return table


def write_rejects(path: Path, rejects: Iterable[Reject]) -> None:
    """All rejects in the order of their lines; the file is replaced whole, or not at all. Raises: Unavailable."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(REJECT_COLUMNS)
    for reject in sorted(rejects, key=lambda one: one.line):
        writer.writerow((reject.line, reject.field, reject.value, reject.reason))
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with draft.open("xb") as file:
            file.write(text.getvalue().encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise Unavailable(f"{path} could not be written: {error}") from error
