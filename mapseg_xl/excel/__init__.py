"""What Excel itself needs: cell functions, the ribbon, the add-in and its installation. Importable anywhere."""
