"""The report as a workbook, one file a sheet."""
