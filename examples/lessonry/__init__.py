"""The made-up company Lessonry: who its customers are (truth), how its teams keep them (sheets, notes)."""
