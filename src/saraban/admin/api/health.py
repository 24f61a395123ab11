"""`GET /saraban/@health`: for whoever watches the installation; anybody may ask."""

from __future__ import annotations

from collections.abc import Mapping

from saraban.admin.health import health_of
from saraban.organisation.rest import ReadService


class HealthService(ReadService):
    """Whether the installation works, part by part; 503 where people cannot work."""

    def answer(self) -> Mapping[str, str]:
        """Each part as `ok`, `degraded` or `down`."""
        found = health_of(self.context)
        self.request.response.setStatus(found.http_status)
        self.request.response.setHeader("Cache-Control", "no-store")
        return found.as_dict()
