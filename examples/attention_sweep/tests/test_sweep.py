"""The grid is balanced, and a sweep can be stopped, taken up again and repeated."""

from collections import Counter

import pytest
import torch

from attention_sweep import __main__ as cli
from attention_sweep import data, sweep
from attention_sweep.model import Transformer

ROW = dict.fromkeys(sweep.COLUMNS, "1")


def test_names_tell_the_runs_apart():
    names = [run.name for run in sweep.runs()]
    assert len(set(names)) == len(names) >= 72


@pytest.mark.parametrize("attribute", ["type", "moe", "down_dim_kv", "kv_heads"])
def test_every_kind_is_trained_equally_often_at_every_size(attribute):
    kinds = Counter((getattr(r.config, attribute), r.config.dim) for r in sweep.runs())
    for kind, _ in kinds:
        assert len({kinds[kind, dim] for dim, *_ in sweep.SIZES}) == 1


def test_formula_gives_the_bytes_of_the_cache_of_every_run():
    for config in {run.config for run in sweep.runs()}:
        held = sum(part.untyped_storage().nbytes() for part in Transformer(config).new_cache())
        assert config.cache_bytes() == held, config


def test_a_row_cut_short_is_removed_and_its_run_done_again(tmp_path):
    table = tmp_path / "results.csv"
    cli.write_row(table, ROW | {"run": "whole"})
    before = table.read_bytes()
    table.write_bytes(before + b"torn,MLA,fal")
    assert cli.finished(table) == {"whole"}
    assert table.read_bytes() == before


def test_a_header_cut_short_is_written_again(tmp_path):
    table = tmp_path / "results.csv"
    table.write_bytes(b"run,type")
    assert cli.finished(table) == set()
    cli.write_row(table, ROW | {"run": "first"})
    assert cli.finished(table) == {"first"}


@pytest.mark.parametrize("name", ["mla-c16-d96-moe-s0", "gqa-kv2-d96-s0"])
def test_training_again_gives_the_same_loss(monkeypatch, name):
    monkeypatch.setattr(sweep, "STEPS", 3)
    monkeypatch.setattr(sweep, "VAL_WINDOWS", 4)
    run = next(run for run in sweep.runs() if run.name == name)
    text = torch.randint(256, (5000,), generator=torch.Generator().manual_seed(0)).byte()
    losses = {
        sweep.validation_loss(sweep.train(run, text, lambda *_: None), text) for _ in range(2)
    }
    assert len(losses) == 1


def test_timing_again_changes_the_speeds_alone(tmp_path):
    table = tmp_path / "results.csv"
    cli.write_row(table, ROW | {"run": "mla-c8-d96-s0"})
    cli.time_all(table, rounds=1)
    (row,) = table.read_text().splitlines()[1:]
    changed = {c for c, v in zip(sweep.COLUMNS, row.split(","), strict=True) if v != "1"}
    assert changed == {"run", "tps_64", "tps_128", "tps_256", "tps_512"}


def test_a_file_is_on_the_same_side_everywhere():
    names = ["ast.py", "bz2.py", "csv.py", "enum.py", "random.py", "timeit.py"]
    assert [n for n in names if data.is_validation(n)] == ["bz2.py", "enum.py", "timeit.py"]


def test_one_file_in_ten_is_held_out():
    assert 70 < sum(data.is_validation(f"{i}.py") for i in range(1000)) < 130


def test_the_byte_after_each_input_is_its_target():
    x, y = data.windows(torch.arange(100).byte(), torch.tensor([0, 50]), 10)
    assert torch.equal(x + 1, y)
