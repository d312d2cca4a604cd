"""The order of words and of units."""

import numpy as np

from app.corpus.heatmap import clustered


def test_rows_that_are_alike_stand_together():
    random = np.random.default_rng(0)
    kinds = np.repeat([0, 1, 2], [7, 4, 9])
    random.shuffle(kinds)
    rows = np.array([[0, 0], [5, 1], [-4, 6]])[kinds] + 0.1 * random.standard_normal((20, 2))
    order = clustered(rows)
    assert sorted(order) == list(range(20))
    assert (np.diff(kinds[order]) != 0).sum() == 2


def test_two_rows_stay_as_they_are():
    assert clustered(np.zeros((2, 3))).tolist() == [0, 1]
