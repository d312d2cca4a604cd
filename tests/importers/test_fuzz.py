"""Damaged model files are read or refused in words, and never anything else."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("files", "seed"),
    [
        pytest.param(50, 0, id="fixed"),
        pytest.param(5_000, random.randrange(10**6), id="by chance", marks=pytest.mark.soak),
    ],
)
def test_whatever_is_damaged_every_reader_reads_or_refuses_it(files, seed):
    command = [sys.executable, "-m", "tests.fuzz_importers", str(files), str(seed)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
