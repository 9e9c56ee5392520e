"""Customer segmentation in a spreadsheet: measure volume, analyze performance, prioritize potential."""

__version__ = "0.1.0"
