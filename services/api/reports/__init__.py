"""Reports and notices out of plain documents: sheets, tables and texts that an office files or sends."""
