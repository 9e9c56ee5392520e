"""What each button does on the workbook in front, without knowing Excel."""
