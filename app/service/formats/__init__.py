"""A trace as files: arrays by name, a table of one number a row, and what to call them.

All are made from an answer of the wire contract, and go by its names.
"""

from .arrays import arrays_of, to_npz
from .filename import filename
from .table import HEADER, csv_pieces, table_of, to_csv

__all__ = ["HEADER", "arrays_of", "csv_pieces", "filename", "table_of", "to_csv", "to_npz"]
