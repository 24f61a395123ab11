"""Saraban: official correspondence and document archive of a government, on Plone."""

from zope.i18nmessageid import MessageFactory

_ = MessageFactory("saraban")
