"""How a letter enters a state of one of its workflows: by a verb, which has asked for permission and state before.

The definitions are DCWorkflow's, and so is what is written: a line of the history, and who may do what from now on. Its own
way there costs a sixth of the making of a letter, for scripts, guards, expressions and events that these workflows do not have.
"""

from __future__ import annotations

from typing import Any

from AccessControl import getSecurityManager
from AccessControl.Permission import Permission
from Acquisition import aq_parent
from DateTime import DateTime
from Products.CMFCore.interfaces import IWorkflowTool
from zope.component import getUtility

LIFE = "saraban_letter"
"""Where the letter stands."""
LEVEL = "saraban_classification"
"""Who may know of it."""


def begin(letter: Any) -> None:
    """The first state of each."""
    for name in (LIFE, LEVEL):
        workflow = _workflow(name)
        _enter(letter, workflow, workflow.initial_state, None)


def change(letter: Any, name: str, transition: str) -> None:
    """Carries out a transition of the workflow of this name."""
    workflow = _workflow(name)
    _enter(letter, workflow, workflow.transitions[transition].new_state_id, transition)


def _workflow(name: str) -> Any:
    return getUtility(IWorkflowTool)[name]


def _enter(letter: Any, workflow: Any, state: str, action: str | None) -> None:
    actor = getSecurityManager().getUser().getId()
    status = {workflow.state_var: state, "action": action, "actor": actor, "comments": "", "time": DateTime()}
    aq_parent(workflow).setStatusOf(workflow.id, letter, status)
    roles = workflow.states[state].permission_roles
    for permission in workflow.permissions:
        Permission(permission, (), letter).setRoles(roles[permission])
