"""More like this, against a search of every range of every sentence."""

import numpy as np
import pytest

from app.corpus.match import match
from app.corpus.opened import Corpus
from app.corpus.ranges import bits_of, find_ranges, units_in_range, units_of
from app.corpus.summarize import read_halves


@pytest.fixture(scope="module")
def opened(corpus) -> Corpus:
    return Corpus.open(corpus)


def belonging(values: np.ndarray, threshold: float) -> dict[tuple[int, int], set[int]]:
    """All ranges of a sentence that some unit belongs to, by trying every one."""
    found = {}
    for start in range(len(values)):
        for stop in range(start + 1, len(values) + 1):
            if units := set(units_in_range(values, start, stop, threshold)):
                found[start, stop] = units
    return found


def test_ranges_are_all_that_some_unit_belongs_to():
    random = np.random.default_rng(1)
    values = random.standard_normal((60, 40)).astype(np.float16)
    sentences = np.repeat([3, 4, 9], [20, 1, 39])
    found = find_ranges(values, sentences, 0.3)
    expected = {}
    for start, stop in ((0, 20), (20, 21), (21, 60)):
        for (begin, end), units in belonging(values[start:stop], 0.3).items():
            expected[start + begin, end - begin] = units
    ranges = zip(found.rows, found.lengths, found.units, found.bits, strict=True)
    as_sets = {
        (row, length): set(units_of(bits.view(np.uint32).tolist()))
        for row, length, _, bits in ranges
    }
    assert as_sets == expected
    assert found.units.tolist() == [len(units) for units in as_sets.values()]


def test_units_survive_their_way_through_bits():
    units = [0, 31, 32, 63, 69]
    assert units_of(np.array(bits_of(units, 70), np.int32).view(np.uint32).tolist()) == units


@pytest.mark.parametrize(
    ("quantity", "threshold"), [("hidden_state", 0.3), ("hidden_state", 0.5), ("forget_gate", 0.8)]
)
def test_a_match_is_what_a_search_of_everything_finds(opened, quantity, threshold):
    wanted = [1, 3, 5]
    path = opened.directory / "states" / "lstm" / "part-000000.parquet"
    places = opened.query(f"SELECT sentence, timestep FROM '{path}'")
    values = read_halves(opened.cursor(), path, quantity, len(places))
    sentences = np.array([place["sentence"] for place in places])
    ranked = []
    for sentence in np.unique(sentences):
        rows = values[sentences == sentence]
        for (start, stop), units in belonging(rows, threshold).items():
            if shared := units & set(wanted):
                rank = (-len(shared), len(units), start - stop, sentence, start + 1)
                ranked.append((rank, sorted(shared), stop))
    ranked.sort()
    found = match(opened, wanted, "lstm", quantity, threshold, most=30)
    assert len(found) == 30
    for row, (rank, shared, stop) in zip(found, ranked, strict=False):
        assert (row["sentence"], row["from"], row["to"]) == (rank[3], rank[4], stop)
        assert row["shared"] == -rank[0]
        assert row["others"] == rank[1] + rank[0]
        assert row["units"] == shared


def test_nothing_shares_no_units(opened):
    assert match(opened, [], "lstm", "hidden_state", 0.3) == []
    assert match(opened, [1], "lstm", "hidden_state", 0.999) == []
