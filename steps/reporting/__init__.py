"""What the report shows, and how: page, files, workbook, words."""
