"""The read model: what is known, in SQL, built from entries alone. It can be thrown away and rebuilt.

`model.ReadModel` takes entries and answers questions; `follower` keeps it at the chain.
"""

from ledger.read_model.follower import follow, rebuild
from ledger.read_model.model import ReadModel

__all__ = ["ReadModel", "follow", "rebuild"]
