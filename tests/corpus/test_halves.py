"""Lists of 16-bit floats in Parquet, as DuckDB reads them."""

import duckdb
import numpy as np
import pytest

from app.corpus.halves import write_halves


@pytest.mark.parametrize(("rows", "length"), [(1, 1), (7, 3), (4097, 1), (9000, 20)])
def test_what_is_written_is_what_duckdb_reads(tmp_path, rows, length):
    random = np.random.default_rng(0)
    gates = random.standard_normal((rows, length)).astype(np.float16)
    position = np.arange(rows, dtype=np.int32) - 3
    path = tmp_path / "part.parquet"
    write_halves(path, {"position": position}, {"gate": gates, "other": -gates})
    read = duckdb.read_parquet(str(path)).fetchnumpy()
    assert (read["position"] == position).all()
    assert (np.stack(read["gate"]) == gates).all()
    assert (np.stack(read["other"]) == -gates).all()
    assert [name.name for name in tmp_path.iterdir()] == ["part.parquet"]


def test_a_column_of_whole_numbers_says_between_which_it_lies(tmp_path):
    path = tmp_path / "part.parquet"
    write_halves(path, {"sentence": np.array([5, -2, 9])}, {"gate": np.ones((3, 2), np.float16)})
    asked = f"SELECT stats_min_value, stats_max_value FROM parquet_metadata('{path}') LIMIT 1"
    assert duckdb.connect().execute(asked).fetchall() == [("-2", "9")]


def test_a_table_that_cannot_be_written_leaves_nothing_behind(tmp_path):
    path = tmp_path / "part.parquet"
    with pytest.raises(ValueError):  # noqa: PT011
        write_halves(path, {"a": np.arange(2)}, {"gate": np.ones(3, np.float16)})
    assert not list(tmp_path.iterdir())
