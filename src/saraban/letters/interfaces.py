"""Schemas of letters: the core, and behaviours that group the fields of the forms (`domain.md` 1.1)."""

from __future__ import annotations

from collective.z3cform.datagridfield.datagridfield import DataGridFieldFactory
from collective.z3cform.datagridfield.row import DictRow
from plone.autoform import directives
from plone.autoform.interfaces import IFormFieldProvider
from plone.namedfile.field import NamedBlobFile
from plone.supermodel import model
from zope import schema
from zope.interface import Interface, provider

from saraban import _


class ILetters(model.Schema):
    """An agency's letters, in folders by year."""


class ILetterFolder(model.Schema):
    """One part of a year's letters: nobody's, so that nobody waits for it."""


class ILetter(model.Schema):
    """An official letter or document."""

    title = schema.Text(title=_("field_title", default="Subject"), required=False, max_length=1000)
    kind = schema.Choice(title=_("field_kind", default="Kind"), vocabulary="saraban.kinds", default="internal", required=True)
    urgency = schema.Choice(
        title=_("field_urgency", default="Urgency"), vocabulary="saraban.urgencies", default="normal", required=True
    )
    urgent_by = schema.Datetime(title=_("field_urgent_by", default="Must arrive by"), required=False)
    secrecy = schema.Choice(
        title=_("field_secrecy", default="Secrecy"), vocabulary="saraban.secrecies", default="normal", required=True
    )
    secrecy_reason = schema.TextLine(title=_("field_secrecy_reason", default="Reason for the classification"), required=False)
    category = schema.TextLine(title=_("field_category", default="Category"), required=False)
    owner_unit = schema.TextLine(title=_("field_owner_unit", default="Owner unit"), required=False)
    person_in_charge = schema.TextLine(title=_("field_person_in_charge", default="Person in charge"), required=False)
    body = schema.Text(title=_("field_body", default="Text"), required=False)
    due_date = schema.Date(title=_("field_due_date", default="To be completed by"), required=False)
    number = schema.TextLine(title=_("field_number", default="Number"), required=False, readonly=True)
    letter_date = schema.Date(title=_("field_letter_date", default="Dated"), required=False, readonly=True)


@provider(IFormFieldProvider)
class IAddressing(model.Schema):
    """To whom, and how they are addressed."""

    salutation = schema.TextLine(title=_("field_salutation", default="Salutation"), required=False)
    to_text = schema.TextLine(title=_("field_to_text", default="To"), required=False)
    closing = schema.TextLine(title=_("field_closing", default="Closing"), required=False)


@provider(IFormFieldProvider)
class ISignature(model.Schema):
    """Who signs, and whom to ask."""

    signatory = schema.TextLine(title=_("field_signatory", default="Signatory"), required=False)
    contact = schema.TextLine(title=_("field_contact", default="Contact"), required=False)


class IReferenceRow(Interface):
    """A letter that is referred to (อ้างถึง)."""

    number = schema.TextLine(title=_("field_reference_number", default="Number"), required=False)
    date = schema.TextLine(title=_("field_reference_date", default="Dated"), required=False)
    subject = schema.TextLine(title=_("field_reference_subject", default="Subject"), required=False)
    uid = schema.TextLine(title=_("field_reference_uid", default="Identifier"), required=False)


class IEnclosureRow(Interface):
    """Something sent with the letter (สิ่งที่ส่งมาด้วย)."""

    title = schema.TextLine(title=_("field_enclosure_title", default="Enclosure"), required=False)
    copies = schema.Int(title=_("field_enclosure_copies", default="Copies"), required=False, default=1, min=1, max=9999)


class ICopyRow(Interface):
    """Somebody who gets a copy (สำเนาส่ง)."""

    name = schema.TextLine(title=_("field_copy_name", default="Copy to"), required=False)


@provider(IFormFieldProvider)
class IRelated(model.Schema):
    """References, enclosures, copies: tables in the form."""

    directives.widget("references", DataGridFieldFactory)
    references = schema.List(
        title=_("field_references", default="References"),
        value_type=DictRow(title="reference", schema=IReferenceRow),
        required=False,
        default=[],
    )
    directives.widget("enclosures", DataGridFieldFactory)
    enclosures = schema.List(
        title=_("field_enclosures", default="Enclosures"),
        value_type=DictRow(title="enclosure", schema=IEnclosureRow),
        required=False,
        default=[],
    )
    directives.widget("copies_to", DataGridFieldFactory)
    copies_to = schema.List(
        title=_("field_copies_to", default="Copies to"),
        value_type=DictRow(title="copy", schema=ICopyRow),
        required=False,
        default=[],
    )


@provider(IFormFieldProvider)
class IReception(model.Schema):
    """Of a letter that came from outside."""

    sender = schema.TextLine(title=_("field_sender", default="From"), required=False)
    sender_number = schema.TextLine(title=_("field_sender_number", default="Number of the sender"), required=False)
    via = schema.Choice(title=_("field_via", default="Came by"), vocabulary="saraban.ways", required=False)


class IAttachment(model.Schema):
    """A file of a letter."""

    title = schema.TextLine(title=_("field_attachment_title", default="Name"), required=False)
    model.primary("file")
    file = NamedBlobFile(title=_("field_attachment_file", default="File"), required=True)
