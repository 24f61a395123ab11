"""Thai calendar, digits, spelling and letter numbers. Pure Python: knows nothing of Plone."""
