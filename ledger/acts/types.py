"""Solidity types of the members of acts, as annotations."""

from typing import Annotated

Uint8 = Annotated[int, "uint8"]
Uint16 = Annotated[int, "uint16"]
Uint32 = Annotated[int, "uint32"]
Uint64 = Annotated[int, "uint64"]
Uint96 = Annotated[int, "uint96"]
Int64 = Annotated[int, "int64"]
Int96 = Annotated[int, "int96"]
Bool = Annotated[bool, "bool"]
Bytes3 = Annotated[bytes, "bytes3"]
Bytes32 = Annotated[bytes, "bytes32"]
Account = Annotated[bytes, "address"]
Uint8s = Annotated[tuple[int, ...], "uint8[]"]
Uint32s = Annotated[tuple[int, ...], "uint32[]"]
Uint96s = Annotated[tuple[int, ...], "uint96[]"]
Bytes32s = Annotated[tuple[bytes, ...], "bytes32[]"]
