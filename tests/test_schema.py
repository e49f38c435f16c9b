"""facts.json, whatever the table, is as its schema says."""

import pandas as pd
import pytest
from jsonschema import Draft202012Validator
from tables import GQA_WINS, MLA_WINS, table

from mpl_dantinox.insights.report import facts_schema, report

pytestmark = pytest.mark.usefixtures("undrawn")

SCHEMA = facts_schema()

TABLES = {
    "three groups": table(MLA_WINS, noise=0.1),
    "no dial": table(GQA_WINS).drop(columns="down_dim_kv"),
    "one run": table(MLA_WINS).head(1),
    "no baseline": table({"A": GQA_WINS["GQA"], "B": GQA_WINS["MLA"]}),
    "a loss is missing": table(MLA_WINS).assign(
        val_loss=lambda f: f["val_loss"].where(f.index > 5)
    ),
    "nothing but MoE": table(MLA_WINS).query("moe"),
}


@pytest.mark.parametrize("frame", TABLES.values(), ids=TABLES)
def test_facts_are_as_the_schema_says(frame: pd.DataFrame) -> None:
    Draft202012Validator(SCHEMA).validate(report(frame).to_dict())


def test_the_schema_is_itself_sound_and_closed() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    facts = report(TABLES["three groups"]).to_dict()
    facts["serving"]["facts"]["groups"]["MLA"]["surprise"] = 1
    assert not Draft202012Validator(SCHEMA).is_valid(facts)
