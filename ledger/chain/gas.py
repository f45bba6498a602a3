"""Gas for acts in a batch: what each call is given, and what a transaction of many needs.

Limits are measured, not simulated: a simulation would run every act twice. The worst case that each kind allows (32
lines under 32 certificates, 16 parties) was run on the embedded chain; a limit is that and half as much again. A
test runs acts of 32 lines. Knows no node.
"""

from dataclasses import dataclass

from ledger.acts.act import Act

MOST_GAS = 12_000_000
"""The most gas of a transaction: below the bound of EIP-7825, with room for others in a block."""

_TRANSACTION = 21_000
_BYTE = 16  # EIP-2028, as if no byte were 0: what the zeros save pays for the memory that the gateway fills
_CALL = 22_000  # the gateway's loop, its reserve, the event of a refusal

_LIMITS = {
    "Directory": (260_000, 0),
    "Policies": (300_000, 0),
    "Certificates": (300_000, 45_000),
    "Applications": (240_000, 55_000),
    "Licenses": (300_000, 0),
    "Shipments": (375_000, 15_000),
    "Reports": (375_000, 35_000),
}
"""By contract: for the act, and for each of its lines and parties."""
_OWN_LIMITS = {
    "IssueLicense": (6_200_000, 0),
    "ClearShipment": (700_000, 0),
    "DepartShipment": (700_000, 0),
    "CancelShipment": (700_000, 0),
    "RegisterShipment": (420_000, 100_000),
}
_USUAL = {
    # What these cost depends on the lines of a record that the act only names; most have a few.
    "IssueLicense": 500_000,
    "ClearShipment": 200_000,
    "DepartShipment": 200_000,
    "CancelShipment": 200_000,
}


def call_gas(act: Act) -> int:
    """The most gas that the act may use in its contract."""
    base, each = _OWN_LIMITS.get(type(act).__name__, _LIMITS[act.CONTRACT])
    return base + each * sum(len(getattr(act, name, ())) for name in ("lines", "parties", "draws", "counted"))


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
