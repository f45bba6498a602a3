"""The vault's tables, for SQLite and PostgreSQL alike. Times are UTC seconds."""

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, MetaData, String, Table

METADATA = MetaData()
_COUNTER = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite counts up by itself in columns of this very type only."""

DOCUMENTS = Table(
    "vault_documents",
    METADATA,
    Column("place", _COUNTER, primary_key=True),
    Column("commitment", LargeBinary(), nullable=False, unique=True),
    Column("credential", LargeBinary(), nullable=False),
    Column("issuer", LargeBinary(), nullable=False),
    Column("organization", BigInteger(), nullable=False),
    Column("kind", String(100), nullable=False),
    Column("put_at", BigInteger(), nullable=False),
    Column("size", BigInteger(), nullable=False),
    Column("waiting", Boolean(), nullable=False),
)
"""`place` is the order of putting; `issuer` the account that signed, empty for an anonymous document; `organization`
the issuer's; `kind` of document; `waiting`: no act was seen yet that commits to it."""
SECTIONS = Table(
    "vault_sections",
    METADATA,
    Column("commitment", LargeBinary(), primary_key=True),
    Column("section", String(16), primary_key=True),
    Column("nonce", LargeBinary(), nullable=False),
    Column("ciphertext", LargeBinary(), nullable=False),
)
KEYS = Table(
    "vault_keys",
    METADATA,
    Column("commitment", LargeBinary(), primary_key=True),
    Column("section", String(16), primary_key=True),
    Column("recipient", LargeBinary(), primary_key=True),
    Column("giver", LargeBinary(), primary_key=True),
    Column("sealed", LargeBinary(), nullable=False),
    Column("given_at", BigInteger(), nullable=False),
)
"""One a giver (an account): whoever gives a key that opens nothing keeps nobody else from giving a good one."""
READS = Table(
    "vault_reads",
    METADATA,
    Column("place", _COUNTER, primary_key=True),
    Column("commitment", LargeBinary(), nullable=False),
    Column("sections", String(40), nullable=False),
    Column("organization", BigInteger(), nullable=False),
    Column("account", LargeBinary(), nullable=False),
    Column("at", BigInteger(), nullable=False),
)
Index("vault_documents_waiting", DOCUMENTS.c.issuer, DOCUMENTS.c.waiting)
Index("vault_keys_by_recipient", KEYS.c.recipient, KEYS.c.commitment)
Index("vault_reads_by_commitment", READS.c.commitment, READS.c.place)
