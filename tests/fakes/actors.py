"""Actors of tests."""

from __future__ import annotations

from posapp.domain.actors import Actor
from posapp.services.session import Session

STAFF = Actor.person()
"""Whoever is at the till, as a screen's session names them."""

WHO = Actor.person("한별")
"""Somebody who gave a name, so that a record of anybody else shows."""

SESSION = Session(WHO)
