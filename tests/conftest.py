"""What every test runs under."""

from __future__ import annotations

from hypothesis import settings

# The same examples every time, so that a change is judged by what it changed. Others are looked
# for by `pytest --hypothesis-profile=default`.
settings.register_profile("steady", derandomize=True)
settings.load_profile("steady")
