"""The pieces of the tabs that only the team's own workbook has: steps, settings, own segments."""
