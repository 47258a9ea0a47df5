"""How much is linked to a dataset by itself."""

from __future__ import annotations

n_max_records = 1000
"""Number of labels or features beyond which none are linked: `ln.settings.annotation.n_max_records`."""
