"""The frame of every page: ours, and Plone's own where somebody administers."""

from __future__ import annotations

from Products.CMFPlone.browser.main_template import MainTemplate as PloneMainTemplate
from Products.Five.browser.pagetemplatefile import ViewPageTemplateFile


class MainTemplate(PloneMainTemplate):
    """Plone asks for `@@main_template` from everywhere and gets our frame, whole: no parameter (`ajax_load`) takes it away."""

    main_template = ViewPageTemplateFile("main_template.pt")
    use_ajax = False
