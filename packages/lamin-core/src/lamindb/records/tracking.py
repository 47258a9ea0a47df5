"""Who made a row, when and in which run."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.orm import Mapped


class TracksRun:
    """Rows that know their creation: `created_at`, `created_by` and, where one was tracked, `run`."""

    if TYPE_CHECKING:
        created_at: Mapped[datetime]
        created_by_id: Mapped[int]


class TracksUpdates:
    """Rows that know when they were last written: `updated_at`."""

    if TYPE_CHECKING:
        updated_at: Mapped[datetime]
