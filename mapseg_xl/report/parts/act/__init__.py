"""Pieces of the tabs that act on a choice: profiles, voice of customer, rollout."""
