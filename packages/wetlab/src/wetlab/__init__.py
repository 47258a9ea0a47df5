"""Registries of samples, treatments, experiments and perturbations for lamin.

The package declares no registry yet; `docs/status.md` of the repository says what is there and what comes.
"""

__version__ = "3.0.0"
