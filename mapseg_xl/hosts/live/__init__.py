"""The host of an open workbook: a Plan drawn through xlwings, what people typed read back."""
