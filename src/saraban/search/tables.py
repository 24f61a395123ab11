"""The tables of search.

The short index is what is searched when Solr is away, and what names the letters that are in an index: subject, numbers and
names of each letter that is not secret, with who may view it. Written by the worker beside Solr's document, from the same
document. Beside it: the texts of attached files, words that mean the same, and what persons keep of their searches.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saraban.ledger.tables import FILE, ID, LONG, LONG_TEXT, PRIMARY_KEY, SHORT, TABLE, UTC_TIME, Base

PRINCIPAL = String(200)
STATE = String(16)


class ShortLetter(Base):
    """A letter that can be found."""

    __tablename__ = "search_letter"
    __table_args__ = (UniqueConstraint("uid"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    uid: Mapped[str] = mapped_column(ID)
    path: Mapped[str] = mapped_column(LONG)
    read_at: Mapped[int] = mapped_column(BigInteger)
    """Microseconds since 1970 when the letter was read: an older reading never replaces a newer one."""
    type: Mapped[str] = mapped_column(ID)
    """`Letter`, `Circular` …"""
    kind: Mapped[str] = mapped_column(ID)
    urgency: Mapped[str] = mapped_column(ID)
    category: Mapped[str] = mapped_column(SHORT, default="")
    state: Mapped[str] = mapped_column(ID)
    agency: Mapped[str] = mapped_column(ID)
    owner_unit: Mapped[str] = mapped_column(ID)
    year: Mapped[int]
    letter_date: Mapped[date | None] = mapped_column(Date)
    created: Mapped[date] = mapped_column(Date)
    number: Mapped[str] = mapped_column(SHORT, default="")
    number_sort: Mapped[str] = mapped_column(LONG, default="")
    number_forms: Mapped[str] = mapped_column(LONG, default="")
    """Each between two bars: `|กท0403/ว41|ว41|41|`."""
    title: Mapped[str] = mapped_column(LONG, default="")
    title_sort: Mapped[str] = mapped_column(LONG, default="")
    sender: Mapped[str] = mapped_column(LONG, default="")
    to_text: Mapped[str] = mapped_column(LONG, default="")
    sender_words: Mapped[str] = mapped_column(LONG, default="")
    to_words: Mapped[str] = mapped_column(LONG, default="")
    words: Mapped[str] = mapped_column(Text, default="")
    """Subject, numbers, sender and addressee, folded, without spaces and signs: what is looked for stands in it or not."""


class ShortReader(Base):
    """Who may view it."""

    __tablename__ = "search_reader"
    __table_args__ = (Index("search_reader_letter", "letter_id"), TABLE)

    principal: Mapped[str] = mapped_column(PRINCIPAL, primary_key=True)
    letter_id: Mapped[int] = mapped_column(PRIMARY_KEY, ForeignKey("search_letter.id"), primary_key=True, autoincrement=False)


class FileText(Base):
    """The text of an attached file, read once: a new index needs no second reading. Of a secret letter there is none."""

    __tablename__ = "search_file_text"
    __table_args__ = (UniqueConstraint("uid", "sha256"), Index("search_file_text_letter", "letter_uid"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    uid: Mapped[str] = mapped_column(ID)
    """Of the attachment."""
    sha256: Mapped[str] = mapped_column(String(64))
    """Of its content."""
    letter_uid: Mapped[str] = mapped_column(ID)
    state: Mapped[str] = mapped_column(STATE)
    """`waiting`, `read`, or `failed`."""
    text: Mapped[str] = mapped_column(LONG_TEXT, default="")
    at: Mapped[datetime] = mapped_column(UTC_TIME)
    """When it came to this state."""


class Synonym(Base):
    """Words that mean the same: whoever looks for one finds the others."""

    __tablename__ = "search_synonym"

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    words: Mapped[str] = mapped_column(LONG)
    """As people write them, with ` = ` between."""


class SavedSearch(Base):
    """A search that a person keeps."""

    __tablename__ = "search_saved"
    __table_args__ = (UniqueConstraint("person", "name"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    person: Mapped[str] = mapped_column(ID)
    name: Mapped[str] = mapped_column(SHORT)
    query: Mapped[str] = mapped_column(Text)
    """The part of the address of `/find` behind the question mark."""
    at: Mapped[datetime] = mapped_column(UTC_TIME)


class Export(Base):
    """A list of results as a table, made in the background for the person who asked for it."""

    __tablename__ = "search_export"
    __table_args__ = (UniqueConstraint("key"), Index("search_export_person", "person", "id"), TABLE)

    id: Mapped[int] = mapped_column(PRIMARY_KEY, primary_key=True)
    key: Mapped[str] = mapped_column(ID)
    """Its name in addresses."""
    person: Mapped[str] = mapped_column(ID)
    query: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(8))
    site_url: Mapped[str] = mapped_column(LONG)
    """Where the person reaches the site: links in the file lead there."""
    state: Mapped[str] = mapped_column(STATE)
    """`waiting`, `working`, `done`, or `failed`."""
    written: Mapped[int] = mapped_column(default=0)
    """Rows so far."""
    total: Mapped[int] = mapped_column(default=0)
    """Rows in all; 0 until that is known."""
    found: Mapped[int] = mapped_column(default=0)
    """Letters that were found; more than `total` where the file does not hold them all."""
    size: Mapped[int] = mapped_column(default=0)
    """Bytes of the file."""
    asked_at: Mapped[datetime] = mapped_column(UTC_TIME)
    done_at: Mapped[datetime | None] = mapped_column(UTC_TIME)
    content: Mapped[bytes | None] = mapped_column(FILE, deferred=True)
    """The XLSX."""
