"""Tables as people save, export and break them: the right numbers, or one line that mends it."""

import gzip
import json
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from mpl_dantinox import RunsError, insight_pareto, insight_serving
from mpl_dantinox.command.main import main

pytestmark = pytest.mark.usefixtures("undrawn")

HEAD = "type,val_loss,cache_mb\n"
PLAIN = f"{HEAD}MLA,2.5,1\nGQA,2.4,2\nMHA,2.3,4\n"
FRONT = [(1, 2.5), (2, 2.4), (4, 2.3)]
ROWS = [{"type": "MLA", "val_loss": 2.5, "cache_mb": 1}, {"type": "GQA", "val_loss": 2.4,
         "cache_mb": 2}]  # fmt: skip
FRAME = pd.DataFrame(ROWS)

Content = str | bytes | Callable[[Path], Any] | None


class Good(NamedTuple):
    """A table that is drawn: its text, the front by cost and quality, and what is said."""

    content: Content
    front: Sequence[tuple[float, float]]
    said: str = ""
    options: str = ""
    name: str = "runs.csv"


def of_costs(*cells: str, column: str = "cache_mb") -> str:
    """Return a table of these costs, of losses that fall."""
    rows = (f'g{n},{3 - n / 10:.1f},"{cell}"\n' for n, cell in enumerate(cells))
    return f"type,val_loss,{column}\n{''.join(rows)}"


GOOD = {
    "a byte order mark": Good(f"\ufeff{PLAIN}", FRONT),
    "UTF-16": Good(PLAIN.encode("utf-16"), FRONT),
    "carriage returns": Good(PLAIN.replace("\n", "\r"), FRONT),
    "Windows": Good(PLAIN.replace("\n", "\r\n"), FRONT),
    "blank lines": Good(f"\n\n{HEAD}\n{PLAIN.removeprefix(HEAD)}\n\n", FRONT),
    "rows of empty cells": Good(PLAIN.replace("\nG", "\n,,\n , ,\nG"), FRONT),
    "tabs": Good(PLAIN.replace(",", "\t"), FRONT),
    "bars": Good(PLAIN.replace(",", "|"), FRONT),
    "semicolons": Good(PLAIN.replace(",", ";"), FRONT),
    "decimal commas": Good(PLAIN.replace(",", ";").replace(".", ","), FRONT),
    "points between thousands": Good(
        "type;val_loss;cache_mb\nA;2,5;1.234\nB;2,4;12.345\n", [(1234, 2.5), (12345, 2.4)],
        "reading 1.234 in 'cache_mb' as 1,234",
    ),
    "points beside decimal commas in quotes": Good(
        'type,val_loss,cache_mb\nA,"2,5",1.234\nB,"2,4",12.345\n', [(1.234, 2.5), (12.345, 2.4)],
        "reading 1.234 in 'cache_mb' with a decimal point, though 'val_loss' has decimal commas; "
        "where points part thousands, save the table with semicolons",
    ),
    "points before decimals": Good(
        "type;val_loss;cache_mb\nA;2.512;1.234\nB;2.4;12.345\n", [(1.234, 2.512), (12.345, 2.4)]
    ),
    "gzip": Good(gzip.compress(PLAIN.encode()), FRONT, name="runs.csv.gz"),
    "spaces around": Good(PLAIN.replace(",", " , "), FRONT),
    "spaces that do not break": Good(PLAIN.replace(",", "\u00a0,\u00a0"), FRONT),
    "quotes around all": Good(
        "\n".join(",".join(f'"{c}"' for c in r.split(",")) for r in PLAIN.split()), FRONT
    ),
    "a line break in quotes": Good('type,n,val_loss,cache_mb\nA,"a\nb",2.5,1\n', [(1, 2.5)]),
    "an index without a name": Good(",type,val_loss,cache_mb\n0,A,2.5,1\n", [(1, 2.5)]),
    "a comma at the end of each row": Good(f"{HEAD}A,2.5,1,\nB,2.4,2,\n", FRONT[:2]),
    "an array per column": Good(
        json.dumps({"type": ["A", "B"], "val_loss": [2.5, 2.4], "cache_mb": [1, 2]}), FRONT[:2],
        name="runs.json",
    ),
    "a frame as it is printed": Good(pd.DataFrame(ROWS).to_string(), FRONT[:2], name="runs.txt"),
    "Markdown without bars around": Good(
        "type | val_loss | cache_mb\n:-- | ---: | --:\nA | 2.5 | 1\nB | 2.4 | 2\n", FRONT[:2],
        name="runs.md",
    ),
    "a table of a database": Good(
        " type | val_loss | cache_mb \n------+----------+----------\n A    |      2.5 |        1\n",
        FRONT[:1], name="runs.txt",
    ),
    "a table of a terminal": Good(
        "┏━━━━┳━━━━━┳━━━━━━━━━┓\n┃type┃ loss┃cache mb ┃\n┡━━━━╇━━━━━╇━━━━━━━━━┩\n"
        "│ A  │ 2.5 │   1     │\n│ B  │ 2.4 │   2     │\n└────┴─────┴─────────┘\n", FRONT[:2],
        name="runs.txt",
    ),
    "ruled by dashes": Good(
        "type    loss    cache_mb\n------  ------  ----------\nA       2.5     1\n", FRONT[:1],
        name="runs.txt",
    ),
    "ruled by equal signs": Good(
        "====  ====  ========\ntype  loss  cache_mb\n====  ====  ========\nA     2.5   1\n"
        "====  ====  ========\n", FRONT[:1], name="runs.rst",
    ),
    "two tables in Markdown": Good(
        "# Small\n\n|type|loss|cache mb|\n|--|--|--|\n|A|2.5|1|\n\n# Large\n\n"
        "|type|loss|cache mb|\n|--|--|--|\n|A|1.5|9|\n", FRONT[:1],
        "reading the Markdown table in line 3; save another of the 2 on its own", name="runs.md",
    ),
    "runs by name, one of which lacks a number": Good(
        json.dumps({"A": {"type": "x", "loss": 2.5, "cache_mb": 1, "tps": 3},
                    "B": {"type": "y", "loss": 2.4, "cache_mb": 2}}), FRONT[:2], name="runs.json",
    ),
    "one row": Good(f"{HEAD}A,2.5,1\n", [(1, 2.5)]),
    "a comment first": Good(f"# by bench.py\n{PLAIN}", FRONT, "reading the table from line 2 on"),
    "a short row": Good(f"{HEAD}A,2.5,1\nB,2.4\n", FRONT[:1], "cost: 1 of 2 rows are empty"),
    "a row of units": Good(
        "type,val_loss,cache\n,-,MB\nA,2.5,1\nB,2.4,2\n", FRONT[:2],
        "cost: 1 of 3 rows are not a number, such as 'MB'",
    ),
    "merged cells": Good(
        "type,batch,val_loss,cache_mb\nA,1,2.5,1\n,4,2.4,2\nB,1,2.6,1\n,4,2.3,4\n", FRONT[:1],
        "group: 2 of 4 rows are empty; where a cell stands for several rows, write it into each",
    ),
    "a row of means": Good(f"{PLAIN}mean,,2.3\n", FRONT, "quality: 1 of 4 rows are empty"),
    "commas between thousands": Good(of_costs("1,234", "12,345.5"), [(1234, 3), (12345.5, 2.9)]),
    "spaces between thousands": Good(of_costs("1\u00a0234", "2\u202f345", "3 456"),
                                     [(1234, 3), (2345, 2.9), (3456, 2.8)]),
    "apostrophes between thousands": Good(of_costs("1'234", "2'345"), [(1234, 3), (2345, 2.9)]),
    "exponents": Good(of_costs("1.2e3", "1.3E+03", "14e2"), [(1200, 3), (1300, 2.9), (1400, 2.8)]),
    "minus signs of typesetters": Good(
        "type,score,cache_mb\nA,−2.5,1\nB,−2.4,2\n", [(1, -2.5), (2, -2.4)],
        options="--column quality=score",
    ),
    "errors": Good(of_costs("5.70 ± 0.1", "6+/-0.2", "7 ±1e-1", "8 (±0.1)"),
                   [(5.7, 3), (6, 2.9), (7, 2.8), (8, 2.7)]),
    "several units": Good(
        of_costs("2.34 MB", "1.5 GB", "2400 kB", "1 MB", column="cache"), [(1, 2.7)],
        "cost: using 'cache', in MB as its cells say",
    ),
    "a unit that one lacks": Good(
        of_costs("2 MB", "3", "4 MB", column="cache"), [(2, 3), (4, 2.8)],
        "cost: 1 of 3 rows are not a number with a unit, as others are, such as '3'",
    ),
    "thousands beside ones": Good(
        of_costs("950", "1.2k", "4k", column="context"), [(0.95, 3), (1.2, 2.9), (4, 2.8)],
        "cost: using 'context', in thousands as its cells say", "--column cost=context",
    ),
    "times": Good(of_costs("1.0x", "2.1×", "3 x", column="slowdown"),
                  [(1, 3), (2.1, 2.9), (3, 2.8)], options="--column cost=slowdown"),
    "billions": Good(of_costs("7B", "13B", column="params"), [(7e9, 3), (13e9, 2.9)],
                     options="--column cost=params"),
    "dollars": Good(of_costs("$1.20", "$1,200", column="price"), [(1.2, 3), (1200, 2.9)],
                    options="--column cost=price"),
    "euros": Good(of_costs("1,20 €", "2,50 €", column="price"), [(1.2, 3), (2.5, 2.9)],
                  options="--column cost=price"),
    "per cent": Good("type,MMLU,cache_mb\nA,81.4%,1\nB,82 %,2\n", [(1, 81.4), (2, 82)],
                     "quality: using 'MMLU', in % as its cells say, of which higher is better "
                     "unless --minimize quality says otherwise"),
    "yes and no in many ways": Good(
        "type,moe,val_loss,cache_mb\n" + "".join(
            f"A,{word},{3 - n / 10},{n + 1}\n"
            for n, word in enumerate(["TRUE", "False", "yes", "N", "1", "0", "✓", "✗", "on", "F"])
        ), [(n + 1, 3 - n / 10) for n in range(10)],
    ),
    "dates beside": Good("type,val_loss,cache_mb,day\nA,2.5,1,2026-01-02\n", [(1, 2.5)]),
    "what is not finite": Good(f"{HEAD}A,inf,1\nB,2.4,2\nC,-inf,3\n", [(2, 2.4)],
                               "quality: 2 of 3 rows are not a number, such as 'inf'"),
    "about and under": Good(of_costs("~1", "<2", "3"), [(3, 2.8)],
                            "cost: 2 of 3 rows are not a number, such as '~1'"),
    "hexadecimal and underscores": Good(of_costs("0x10", "1_000", "3"), [(3, 2.8)]),
    "groups that are numbers": Good("type,val_loss,cache_mb\n1,2.5,1\n2,2.4,2\n", FRONT[:2]),
    "JSON": Good(json.dumps(ROWS), FRONT[:2], name="runs.json"),
    "JSON with NaN": Good(json.dumps([*ROWS, {"type": "C", "val_loss": float("nan")}]), FRONT[:2],
                          name="runs.json"),
    "JSON lines": Good("\n".join(map(json.dumps, ROWS)), FRONT[:2], name="runs.jsonl"),
    "Parquet": Good(FRAME.to_parquet, FRONT[:2], name="runs.parquet"),
    "Parquet that says CSV": Good(FRAME.to_parquet, FRONT[:2]),
    "Parquet by another ending": Good(FRAME.to_parquet, FRONT[:2], name="runs.pq"),
    "a folder of Parquet": Good(
        lambda path: (path.mkdir(), FRAME[:1].to_parquet(path / "a.parquet"),
                      FRAME[1:].to_parquet(path / "b.parquet")),
        FRONT[:2], name="runs",
    ),
    "a unit that is given": Good(of_costs("1", "2", column="cache"), [(1, 3), (2, 2.9)],
                                 "cost: using 'cache', in GB as asked", "--unit cost=GB"),
    "what is better": Good(PLAIN, [(1, 2.5)], options="--maximize quality"),
    "a range": Good(PLAIN, FRONT[:2], options="--where val_loss=2.4..3"),
    "two bounds": Good(PLAIN, FRONT[1:2], options="--where cache_mb>1 --where cache_mb<4"),
    "one of two": Good(PLAIN, FRONT[:2], options="--where type=MLA --where type=GQA"),
    "none of two": Good(PLAIN, FRONT[2:], options="--where type!=MLA,GQA"),
}  # fmt: skip


def written(path: Path, content: Content) -> Path:
    if callable(content):
        content(path)
    elif content is not None:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def front(out: Path) -> list[tuple[float, float]]:
    facts = json.loads((out / "facts.json").read_text("utf-8"))["pareto"]["facts"]
    return [(run["cost"], run["quality"]) for run in list(facts["panels"].values())[-1]["front"]]


@pytest.mark.parametrize("table", GOOD.values(), ids=GOOD)
def test_a_table_that_can_be_read_is_read_right(
    table: Good, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = written(tmp_path / table.name, table.content), tmp_path / "out"
    options = ["--insight", "pareto", *table.options.split()]
    assert main(["plot", str(path), "-o", str(out), *options]) == 0
    assert front(out) == [pytest.approx(run) for run in table.front]
    assert table.said in capsys.readouterr().out


class Bad(NamedTuple):
    """A table or an option that cannot be used: what the one line says, and the exit status."""

    content: Content
    message: str
    options: str = ""
    name: str = "runs.csv"
    status: int = 2


BAD = {
    "nothing": Bad("", "'runs.csv' is empty; a table needs a header line and a row per run"),
    "a header": Bad(HEAD, "'runs.csv' has a header but no rows"),
    "no rows of Parquet": Bad(FRAME[:0].to_parquet, "has a header but no rows", name="a.parquet"),
    "two columns of one name": Bad(
        "type,val_loss,val_loss\nA,1,2\n", "several columns named 'val_loss'; rename all but one"
    ),
    "a row that is long": Bad(f"{HEAD}A,2.5,1,9\nB,2.4\n", "line 2: 4 cells; the header has 3"),
    "a quote that stays open": Bad(f'{HEAD}A,2.5,"1\n', "line 2: a quote that is never closed"),
    "half a gzip": Bad(gzip.compress(PLAIN.encode())[:-9], "is not a whole gzip file",
                       name="runs.csv.gz"),
    "NUL": Bad("type\nA\0\n", "is not a text file; save the table as CSV or Parquet"),
    "Feather": Bad(FRAME.to_feather, "save the table as CSV or Parquet", name="runs.feather"),
    "a workbook": Bad(b"PK\3\4" + bytes(9), "is a workbook; save the sheet as CSV", name="a.xlsx"),
    "an archive": Bad(b"PK\3\4" + bytes(9), "is not a text file", name="a.zip"),
    "half of JSON": Bad('{"type": "A"}\n{"type"\n', "line 2: not JSON", name="runs.jsonl"),
    "JSON of words": Bad('["a"]', "is JSON, but no array of objects", name="runs.json"),
    "Python": Bad("[{'type': 'A'}]", "line 1: not JSON"),
    "a page": Bad("<html>404</html>\n", "has a header but no rows"),
    "a table in HTML": Bad(
        "# Runs\n<table>\n <tr>\n  <td>loss, final</td>\n </tr>\n</table>\n",
        "'runs.md' holds a table in HTML; save it as CSV: pandas.read_html reads it",
        name="runs.md",
    ),
    "no file": Bad(None, "no such file or directory"),
    "no file of Parquet": Bad(None, "no such file or directory", name="a.parquet"),
    "no file by a pattern": Bad(None, "no file is at", name="*.csv"),
    "an empty folder": Bad(Path.mkdir, "no Parquet or JSON file is in", name="runs"),
    "a folder of CSV": Bad(
        lambda path: (path.mkdir(), FRAME.to_csv(path / "a.csv")),
        "runs'; name others by a pattern such as '", name="runs",
    ),
    "dates for numbers": Bad(
        "type,val_loss,day\nA,2,2026-01-02\n",
        "cost: 1 of 1 rows are not a number, such as '2026-01-02'", "--column cost=day",
    ),
    "durations for numbers": Bad(
        FRAME.assign(val_loss=pd.to_timedelta([1, 2], unit="s")).to_parquet,
        "the column 'val_loss' for the role 'quality' holds Duration", name="a.parquet",
    ),
    "no numbers at all": Bad(f"{HEAD}A,,1\nB,nan,2\n", "quality: 2 of 2 rows are empty"),
    "a unit that is none": Bad(PLAIN, "no unit 'parsec' for the role 'cost'", "--unit cost=parsec"),
    "a unit of no role": Bad(PLAIN, "no role 'kost'; did you mean 'cost'?", "--unit kost=GB"),
    "a unit of another kind": Bad(PLAIN, "no unit 's' for the role 'cache'", "--unit cache=s"),
    "a role twice": Bad(PLAIN, "'cost' is given two columns; name one",
                        "--column cost=a --column cost=b"),
    "a unit of two meanings, and nothing besides": Bad(
        "type,loss,Size(B)\nA,1,2\n",
        "mpl-dantinox: quality: using 'loss'; cost: using 'Size(B)', but the unit of 'Size(B)' for "
        "the role 'cost' can mean bytes or billions; say which, as --unit cost=billions; "
        "nothing to draw\n", "--column cost=Size(B)",
    ),
    "no such direction": Bad(PLAIN, "invalid choice: 'speed'", "--maximize speed"),
    "no such column": Bad(PLAIN, "no column 'typ'; did you mean 'type'?", "--where typ=MLA"),
    "no condition": Bad(PLAIN, "no condition 'type'; expected COLUMN=VALUE", "--where type"),
    "no value": Bad(PLAIN, "no condition 'type='", "--where type="),
    "no such value": Bad(PLAIN, "no run has type = X; there are: GQA, MHA, MLA", "--where type=X"),
    "a word for a number": Bad(
        PLAIN, "val_loss = low: a column of numbers cannot be 'low'", "--where val_loss=low"
    ),
    "a bound of words": Bad(PLAIN, "val_loss > low: 'low' is no number", "--where val_loss>low"),
    "a bound of dates": Bad(
        FRAME.assign(day=pd.to_datetime("2026-01-02")).to_parquet, "day > 3: holds Datetime",
        "--where day>3", name="a.parquet",
    ),
    "a range from end to start": Bad(
        PLAIN, "no run has val_loss >= 3 and val_loss <= 2", "--where val_loss=3..2"
    ),
    "no such option": Bad(PLAIN, "argument: --wher; did you mean --where?", "--wher x"),
    "no such insight": Bad(PLAIN, "invalid choice: 'paretto'", "--insight paretto"),
    "no such sheet": Bad(PLAIN, "unknown style sheet 'dantinx'; nearest: dantinox",
                         "--style dantinx"),
    "no such group": Bad(PLAIN, "no group 'MLX' to highlight; did you mean 'MLA'?",
                         "--highlight MLX"),
    "no such panel": Bad(PLAIN, "no figure has a panel 'al'; did you mean 'all'?", "--panel al"),
    "no such colour": Bad(PLAIN, "colors['MLA'] is no color: 'reddd'", "--color MLA=reddd"),
    "one budget": Bad(PLAIN, "--budgets: expected 2 arguments", "--budgets 1"),
    "no column for a block": Bad(PLAIN, "(--column block=NAME)", "--block nope"),
    "an output that is a file": Bad(
        lambda path: (path.write_text(PLAIN), (path.parent / "out").write_text("mine")),
        "cannot write", status=1,
    ),
}  # fmt: skip


@pytest.mark.parametrize("table", BAD.values(), ids=BAD)
def test_what_cannot_be_used_is_said_in_one_line(
    table: Bad, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = written(tmp_path / table.name, table.content), tmp_path / "out"
    before = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    options = ["--insight", "pareto", *table.options.split()]
    try:
        status: Any = main(["plot", str(path), "-o", str(out), *options])
    except SystemExit as left:
        status = left.code
    said = capsys.readouterr()
    assert (status, said.out) == (table.status, "")
    assert table.message in said.err
    assert said.err.count("\n") == 1
    assert {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()} == before


@pytest.mark.parametrize(
    "table",
    [
        pytest.param(one, id=name, marks=() if place % 4 == 0 else pytest.mark.exhaustive)
        for place, (name, one) in enumerate((GOOD | BAD).items())
        if not one.options
    ],
)
def test_what_columns_suggests_works(
    table: Good | Bad, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path / table.name, table.content)
    status = main(["columns", str(path)])
    said = capsys.readouterr()
    assert said.err.count("\n") == (status == 2)
    *_, last = said.out.splitlines() or [""]
    if last.startswith("mpl-dantinox plot"):
        out = str(tmp_path / "figures")
        assert main([*shlex.split(last)[1:], "-o", out]) == 0, capsys.readouterr().err


MAKERS: dict[str, Callable[[Any], Any]] = {
    "pandas": pd.DataFrame,
    "pandas with missing values": lambda data: pd.DataFrame(data).convert_dtypes(),
    "pandas on Arrow": lambda data: pd.DataFrame(data).convert_dtypes(dtype_backend="pyarrow"),
    "pandas of objects": lambda data: pd.DataFrame(data).astype(object),
    "pandas with categories": lambda data: pd.DataFrame(data).astype({"type": "category"}),
    "Polars": pl.DataFrame,
    "Polars, lazy": pl.LazyFrame,
    "Arrow": pa.Table.from_pylist,
    "DuckDB": lambda data: duckdb.from_arrow(pa.Table.from_pylist(data)),
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_frame_of_any_library_is_a_table(make: Callable[[Any], Any]) -> None:
    front = insight_pareto(make(ROWS)).facts.panels["all"].front
    assert [(run.cost, run.quality) for run in front] == FRONT[:2]


@pytest.mark.parametrize("what", [ROWS, ROWS[0], iter(ROWS), None, 3, b"a,b", pd.Series([1])])
def test_what_is_no_frame_is_told_how_to_be_one(what: Any) -> None:
    with pytest.raises(RunsError, match=rf"got {type(what).__name__}, of which pandas.DataFrame"):
        insight_pareto(what)


def test_columns_names_what_serving_takes_as_well(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "runs.csv", tmp_path / "out"
    rows = (f"{g},{n / 10},{n},{n}0,{n}5,{n}\n" for n, g in enumerate("aabb", 1))
    path.write_text(
        "attn,loss,peak_gb,prefill_tok_s,tokens/s to decode,kv cache of 4k (MB)\n" + "".join(rows)
    )
    assert main(["columns", str(path)]) == 0
    *_, last = capsys.readouterr().out.splitlines()
    assert "--column 'cache=kv cache of 4k (MB)'" in last
    assert "--column 'tps=tokens/s to decode'" in last
    assert main([*shlex.split(last)[1:], "-o", str(out)]) == 0
    assert json.loads((out / "facts.json").read_text())["serving"]["facts"]["groups"].keys() == {
        "a", "b",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("Model,Batch Size,Input Length,t/s\na,64,128,9\na,8,128,7\nb,64,99,8\nb,8,99,6\n",
         "no column looks like a cost; to plot, say which is: --column cost=NAME"),
        ("Type,t/s,Draft\nA,9,1.5B\nA,8,none\nB,7,none\n",
         "no column looks like a cost; to plot, say which is: --column cost=NAME"),
        ("engine,ttft,throughput,memory\n,ms,tok/s,GiB\na,41,812,21\nb,38,852,20\nc,31,912,23\n",
         "mpl-dantinox plot runs.csv --column group=engine --column cost=memory"),
        ("attn,Loss,eval runtime\nA,2,31\nA,3,29\nB,4,21\n",
         "mpl-dantinox plot runs.csv --column 'cost=eval runtime'"),
        ("Model,Val Loss,Parameters\nA,1.2,27M\nB,1.3,27M\nC,1.4,30M\n",
         "mpl-dantinox plot runs.csv --column group=Model --column cost=Parameters"),
        ("name,loss,n_gpus,prompt_len\na,1,8,64\nb,2,8,64\nc,3,4,128\n",
         "no column looks like a cost; to plot, say which is: --column cost=NAME"),
        ("a,b\n1,2\n",
         "no column looks like a group or a quality or a cost; to plot, say which is: "
         "--column group=NAME --column quality=NAME --column cost=NAME"),
    ],
)  # fmt: skip
def test_columns_suggests_what_was_measured_and_asks_for_what_is_not_there(
    text: str, last: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    Path("runs.csv").write_text(text)
    assert main(["columns", "runs.csv"]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_what_is_a_quality_may_be_the_speed_that_serving_takes_if_it_is_named_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, out = tmp_path / "runs.csv", tmp_path / "out"
    path.write_text("attn,tok/s,kv_mb\nMHA,55,16\nGQA,58,4\n")
    assert main(["plot", str(path), "--column", "quality=tok/s", "-o", str(out)]) == 0
    assert "insight_2_serving: skipped, no column 'tps_512'" in capsys.readouterr().out
    assert main(["columns", str(path)]) == 0
    *_, last = capsys.readouterr().out.splitlines()
    assert last.endswith(" --column quality=tok/s --column tps=tok/s")
    assert main([*shlex.split(last)[1:], "-o", str(out)]) == 0
    assert (out / "insight_2_serving.png").exists()


def test_the_cache_of_a_token_is_not_named_as_that_of_a_sequence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "runs.csv").write_text("type,loss,kv_bytes_per_token,tok/s\nA,1,2,3\nB,2,1,3\n")
    assert main(["columns", str(tmp_path / "runs.csv")]) == 0
    *_, last = capsys.readouterr().out.splitlines()
    assert last.endswith("--column cost=kv_bytes_per_token")


@pytest.mark.parametrize("name", ["KV cache (MB/token)", "KV cache (MB per layer)"])
def test_the_cache_of_less_than_a_sequence_is_not_taken_for_that_of_one(name: str) -> None:
    table = pd.DataFrame({"type": ["A", "B"], "loss": [1, 2], name: [0.5, 0.1], "tok/s": [9, 8]})
    with pytest.raises(RunsError, match="no column 'theoretical_cache_mb' for the role 'cache'"):
        insight_serving(table, tps="tok/s")


def test_a_word_in_place_of_a_number_tells_that_a_run_failed() -> None:
    table = pd.DataFrame(
        {
            "type": ["A", "A", "B", "B", "B"],
            "accuracy": ["OOM", "1.5", "1.25", "nan", "2"],
            "latency_ms": ["OOM", "3", "4", "5", "Timeout"],
        }
    )
    insight = insight_pareto(table, quality="accuracy", cost="latency_ms")
    assert insight.headline.endswith("1 A run ran out of memory; 1 B run failed")
    assert insight.facts.panels["all"].dropped == {"quality": 1}


@pytest.mark.parametrize(
    "name",
    [
        "Markdown without bars around",
        "a table of a database",
        "rows of empty cells",
        "a table of a terminal",
        "ruled by dashes",
        "ruled by equal signs",
    ],
)
def test_a_line_that_is_ruled_or_empty_is_no_run(name: str, tmp_path: Path) -> None:
    path = written(tmp_path / "runs.txt", GOOD[name].content)
    assert not insight_pareto(path).facts.dropped
