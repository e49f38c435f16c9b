"""The bundled table of published models: whole, computed, and each number with its source."""

import csv
import math
import re
from importlib.resources import files

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure

from mpl_dantinox import insight_pareto, sample_runs
from mpl_dantinox.cache import kv_cache_mb

DATA = files("mpl_dantinox.data")
PAGE = (DATA / "MODELS.md").read_text(encoding="utf-8")
MODELS = {
    row["name"]: row
    for row in csv.DictReader((DATA / "models.csv").read_text(encoding="utf-8").splitlines())
}
SHAPE = (
    "layers", "kv_layers", "windowed_layers", "heads", "kv_heads", "head_dim", "latent_dim",
    "rope_dim", "window",
)  # fmt: skip
MAY_BE_EMPTY = {"kv_heads", "latent_dim", "rope_dim", "window", "context"}


def test_there_are_at_least_forty_models_of_2022_to_2026() -> None:
    assert len(MODELS) >= 40
    assert {row["year"] for row in MODELS.values()} == {"2022", "2023", "2024", "2025", "2026"}


def test_every_attention_type_and_hybrids_are_there() -> None:
    assert {row["attention"] for row in MODELS.values()} == {"MHA", "GQA", "MQA", "MLA"}
    assert any(row["windowed_layers"] != "0" for row in MODELS.values())
    assert any(row["kv_layers"] != row["layers"] for row in MODELS.values())


@pytest.mark.parametrize("name", MODELS)
def test_cache_is_what_kv_cache_mb_gives_for_8192_tokens(name: str) -> None:
    shape = {column: int(MODELS[name][column]) for column in SHAPE if MODELS[name][column]}
    assert math.isclose(float(MODELS[name]["cache_mb"]), kv_cache_mb(shape, tokens=8192))


@pytest.mark.parametrize("name", MODELS)
def test_no_number_is_missing_that_the_table_is_for(name: str) -> None:
    assert {column for column, cell in MODELS[name].items() if not cell} <= MAY_BE_EMPTY


@pytest.mark.parametrize("name", MODELS)
def test_attention_type_is_what_the_heads_say(name: str) -> None:
    row = MODELS[name]
    heads, kv_heads = int(row["heads"]), int(row["kv_heads"] or 0)
    assert bool(row["latent_dim"]) == bool(row["rope_dim"]) == (not kv_heads)
    said = "MLA" if not kv_heads else "MQA" if kv_heads == 1 else "GQA"
    assert row["attention"] == ("MHA" if kv_heads == heads else said)


@pytest.mark.parametrize("name", MODELS)
def test_mixture_uses_a_part_of_its_parameters(name: str) -> None:
    row = MODELS[name]
    assert (row["moe"] == "True") == (float(row["active_params_b"]) < float(row["params_b"]))


@pytest.mark.parametrize("name", MODELS)
def test_score_is_a_share_in_per_cent_above_that_of_guessing(name: str) -> None:
    assert 25 < float(MODELS[name]["MMLU (%)"]) < 100


@pytest.mark.parametrize("name", MODELS)
def test_shape_size_and_score_have_sources_on_the_page(name: str) -> None:
    listed = dict(re.findall(r"^(\d+)\. .*<(https://\S+)>$", PAGE, flags=re.MULTILINE))
    (line,) = re.findall(rf"^\| {re.escape(name)} \|(.*)\|$", PAGE, flags=re.MULTILINE)
    cells = [re.findall(r"\d+", cell) for cell in line.split("|")]
    assert len(cells) == 3
    assert all(cell and set(cell) <= set(listed) for cell in cells)


def test_every_source_is_cited() -> None:
    table = PAGE[PAGE.index("| model | shape") : PAGE.index("\n1. ")]
    cited = {
        number
        for line in table.splitlines()
        for number in re.findall(r"\b\d+\b", line.split("|", 2)[-1])
    }
    assert set(re.findall(r"^(\d+)\. ", PAGE, flags=re.MULTILINE)) <= cited


def test_page_tells_what_each_column_of_its_own_means() -> None:
    columns = next(iter(MODELS.values())).keys() - {"name", "family"}
    assert {column for column in columns if f"`{column}`" not in PAGE} == set()


@pytest.mark.mpl_image_compare(filename="insight_1_pareto_models.png")
def test_quality_against_cache_of_published_models() -> Figure:
    page = plt.figure(figsize=(10, 5.6))
    labels = {"cost": "KV cache of 8,192 tokens"}
    models = sample_runs("models")
    return insight_pareto(models, panels="all", names=True, labels=labels, fig=page).figure
