"""Names of the topics between the services, in one place."""

from typing import Final

DOSSIER_EVENTS: Final = "dossier-events"
PETITION_EVENTS: Final = "petition-events"
PROCEDURE_EVENTS: Final = "procedure-events"
SURVEY_EVENTS: Final = "survey-events"
ASSESSMENT_EVENTS: Final = "assessment-events"
UNIT_EVENTS: Final = "unit-events"

EVENTS: Final = (
    DOSSIER_EVENTS,
    PETITION_EVENTS,
    PROCEDURE_EVENTS,
    SURVEY_EVENTS,
    ASSESSMENT_EVENTS,
    UNIT_EVENTS,
)
"""What ingest accepted, keyed by subject, kept for ever; record time = arrival."""

DOSSIER_LATE: Final = "dossier-late"
"""One notice for each lateness: a due moment that passed while a dossier was open (`schemas.notices`); key: the dossier's code."""

DOSSIER_DUE_SOON: Final = "dossier-due-soon"
"""Likewise one for each open dossier that came near to its due moment."""

REJECTED_EVENTS: Final = "rejected-events"
"""Dead letters: events that were not accepted, with the reason and without personal data."""

UNIT_TREE: Final = "unit-tree"
"""The whole tree of units as one record (`UnitTree.to_json`), key UNIT_TREE_KEY; the last one holds."""

UNIT_TREE_KEY: Final = b"tree"

DOSSIERS_CHANGELOG: Final = "nhip-scorer-dossiers-changelog"
"""The table `dossiers`: the facts in force about each dossier."""

PETITIONS_CHANGELOG: Final = "nhip-scorer-petitions-changelog"
"""The table `petitions`: likewise about each petition."""

PROCEDURES_CHANGELOG: Final = "nhip-scorer-procedures-changelog"
"""The table `procedures`: likewise about each procedure, decision on one and offer of one."""

FIGURES_CHANGELOG: Final = "nhip-scorer-figures-changelog"
"""The table `figures`: what units declared."""

INDICATOR_DAYS_CHANGELOG: Final = "nhip-scorer-indicator-days-changelog"
"""The table `indicator-days`: the cube that the api serves (see `schemas.rows`)."""
