"""A letter enters the states of its workflows as DCWorkflow's own way would have it."""

from __future__ import annotations

from tests.conftest import City, run

COMPARE = """
import transaction
from plone.dexterity.utils import createContent
from saraban.admin import boot
from saraban.letters import states

def written(letter):
    roles = {name: value for name, value in vars(letter.aq_base).items() if name.endswith("_Permission")}
    lines = letter.workflow_history.items()
    history = {name: [{**one, "time": type(one["time"])} for one in ones] for name, ones in lines}
    return roles, history

compared = 0
with boot.site() as site:
    for type_ in ("Letter", "Circular"):
        ours, theirs = (createContent(type_).__of__(site) for _ in range(2))
        states.begin(ours)
        for name in (states.LIFE, states.LEVEL):
            site.portal_workflow[name]._changeStateOf(theirs, None)
        assert len(written(ours)[0]) == 3, written(ours)
        assert written(ours) == written(theirs), (written(ours), written(theirs))
        for name in (states.LIFE, states.LEVEL):
            workflow = site.portal_workflow[name]
            for transition in workflow.transitions.objectIds():
                states.change(ours, name, transition)
                workflow._changeStateOf(theirs, workflow.transitions[transition])
                assert written(ours) == written(theirs), (transition, written(ours), written(theirs))
                compared += 1
    transaction.abort()
print("compared", compared)
"""


def test_as_the_workflow_itself_would(city: City) -> None:
    """Who may do what and what the history says, in the first state and after each transition."""
    done = run(city, "py", "-c", COMPARE)
    assert "compared 20" in done.stdout, done.stdout + done.stderr
