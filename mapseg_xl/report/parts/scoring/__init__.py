"""Pieces of TAM scoring and Priorities: answers, market sizes, scores, the ranking."""
