"""Tables in files: reading .jsonl, .csv and .xlsx that strangers made, and writing ones that nobody must fear."""

from apps.core.tables.fields import Fields
from apps.core.tables.reading import Row, Table, open_table
from apps.core.tables.refusal import TableRefused
from apps.core.tables.writing import csv_lines, jsonl_lines, write_xlsx

__all__ = ["Fields", "Row", "Table", "TableRefused", "csv_lines", "jsonl_lines", "open_table", "write_xlsx"]
