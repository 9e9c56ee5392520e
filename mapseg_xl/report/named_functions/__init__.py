"""Functions that a workbook carries by name, so that they work where no add-in is: on a Mac, in a browser."""
