"""The short index: what is searched when Solr is away, and what names the letters that are in an index.

Subject, numbers and names of each letter that is not secret, with who may view it. Written by the worker beside Solr's
document, from the same document.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from saraban.ledger.tables import ID, LONG, PRIMARY_KEY, SHORT, TABLE, Base

PRINCIPAL = String(200)


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
