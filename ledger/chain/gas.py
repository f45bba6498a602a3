"""Gas for acts in a batch: what each call is given, and what a transaction of many needs.

Limits are measured, not simulated: a simulation would run every act twice. The worst case that each kind allows (32
lines under 32 certificates, 16 parties) was run on the embedded chain; a limit is that and half as much again. A
test runs acts of 32 lines. Knows no node.
"""

from dataclasses import dataclass

from ledger.acts.act import Act
from ledger.acts.structs import members

MOST_GAS = 12_000_000
"""The most gas of a transaction: below the bound of EIP-7825, with room for others in a block."""

_TRANSACTION = 21_000
_BYTE = 16  # EIP-2028, as if no byte were 0: what the zeros save pays for the memory that the gateway fills
_CALL = 22_000  # the gateway's loop, its reserve, the event of a refusal

_LIMITS = {
    "Directory": (260_000, 0),
    "Organizations": (280_000, 1_500),
    "Policies": (260_000, 0),
    "Certificates": (310_000, 50_000),
    "Applications": (260_000, 120_000),
    "Issuance": (260_000, 0),
    "Licenses": (180_000, 0),
    "Shipments": (180_000, 60_000),
    "Departures": (200_000, 0),
    "Manifests": (310_000, 80_000),
    "Reports": (250_000, 50_000),
    "Statements": (260_000, 50_000),
    "Orders": (250_000, 0),
}
"""By contract: for the act, and for each element of its arrays."""
_OWN_LIMITS = {
    "IssueLicense": (8_800_000, 0),
    "SupersedeLicense": (3_300_000, 0),
    "RevokeLicense": (700_000, 0),
    "SurrenderLicense": (600_000, 0),
    "CreditReturn": (900_000, 0),
    "ClearShipment": (1_100_000, 0),
    "DepartShipment": (1_100_000, 0),
    "AdjustShipment": (800_000, 40_000),
    "CancelShipment": (1_200_000, 0),
    "RecordTransfer": (430_000, 80_000),
    "OrderHandoff": (750_000, 0),
    "AttachSerials": (220_000, 2_200),
}
_USUAL = {
    # What these cost depends on the lines of a record that the act only names; most have a few.
    "IssueLicense": 500_000,
    "SupersedeLicense": 500_000,
    "RevokeLicense": 200_000,
    "SurrenderLicense": 150_000,
    "CreditReturn": 250_000,
    "ClearShipment": 200_000,
    "DepartShipment": 200_000,
    "AdjustShipment": 250_000,
    "CancelShipment": 200_000,
    "OrderHandoff": 200_000,
}


def call_gas(act: Act) -> int:
    """The most gas that the act may use in its contract."""
    base, each = _OWN_LIMITS.get(type(act).__name__, _LIMITS[act.CONTRACT])
    arrays = (getattr(act, member.name) for member in members(type(act)) if member.array)
    return base + each * sum(map(len, arrays))


def usual_gas(act: Act) -> int:
    """What the act uses unless a record that it only names has many lines."""
    return _USUAL.get(type(act).__name__, call_gas(act) * 2 // 3)


@dataclass(frozen=True, slots=True)
class Budget:
    """Gas of a transaction that grows call by call."""

    used: int = _TRANSACTION
    largest: int = 0

    def with_call(self, act: Act, size: int) -> "Budget":
        """With one more act, `size` bytes of calldata."""
        return Budget(self.used + usual_gas(act) + _CALL + _BYTE * (size + 128), max(self.largest, call_gas(act)))

    @property
    def gas(self) -> int:
        """What the transaction needs: the gateway asks for a call's whole limit to be left when the call starts.

        Where acts use more than usual this is too little; then the gateway undoes the whole.
        """
        return self.used + self.largest * 64 // 63
