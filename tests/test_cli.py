"""The command line: what it writes, what it says, and how it fails."""

import hashlib
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import matplotlib
import pandas as pd
import pytest
from tables import MLA_WINS, table

from mpl_dantinox.command.main import main
from mpl_dantinox.command.parser import manual
from mpl_dantinox.command.summary import summary
from mpl_dantinox.insights import Insight
from mpl_dantinox.insights.report import report
from mpl_dantinox.numbers import number
from mpl_dantinox.tables.roles import ROLES

LLAMA = {"num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": 8,
         "hidden_size": 4096}  # fmt: skip
FIGURES = ["insight_1_pareto", "insight_2_serving", "insight_3_mla_dial", "insight_4_context"]


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "runs.csv"
    table(MLA_WINS, noise=0.1).to_csv(path, index=False)
    return path


def test_the_bundled_table_makes_three_figures_and_their_facts(tmp_path: Path) -> None:
    assert main(["plot", "-o", str(tmp_path / "out")]) == 0
    names = sorted(p.name for p in (tmp_path / "out").iterdir())
    assert names == ["facts.json", *(f"{stem}.png" for stem in FIGURES)]


def test_the_module_is_the_same_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "mpl_dantinox", "--version"],
        capture_output=True, text=True, check=True, cwd=tmp_path,
    )  # fmt: skip
    assert done.stdout.startswith("mpl-dantinox ")


@pytest.mark.usefixtures("undrawn")
def test_facts_name_their_source_and_nothing_of_the_machine(csv: Path, tmp_path: Path) -> None:
    main(["plot", str(csv), "-o", str(tmp_path / "out"), "--insight", "serving"])
    text = (tmp_path / "out" / "facts.json").read_text("utf-8")
    provenance = json.loads(text)["provenance"]
    assert provenance["source"] == "runs.csv"
    assert provenance["sha256"] == hashlib.sha256(csv.read_bytes()).hexdigest()
    assert provenance["n_rows"] == len(pd.read_csv(csv))
    assert provenance["versions"]["matplotlib"] == matplotlib.__version__
    assert str(tmp_path) not in text


def test_each_file_carries_what_it_was_made_from(csv: Path, tmp_path: Path) -> None:
    kinds = ["--format", "png", "--format", "svg", "--insight", "serving"]
    main(["plot", str(csv), "-o", str(tmp_path / "out"), *kinds])
    told = f"runs.csv, sha256 {hashlib.sha256(csv.read_bytes()).hexdigest()}, "
    for kind in ("png", "svg"):
        data = (tmp_path / "out" / f"insight_2_serving.{kind}").read_bytes()
        assert told.encode() in data
        assert f"matplotlib {matplotlib.__version__}".encode() in data


@pytest.mark.usefixtures("undrawn")
def test_one_insight_alone_can_be_asked_for(csv: Path, tmp_path: Path) -> None:
    main(["plot", str(csv), "-o", str(tmp_path / "out"), "--insight", "serving"])
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"insight_2_serving.png", "facts.json"}


def facts_of(csv: Path, insight: str, *options: str) -> Any:
    """Return the facts that the command writes of one insight."""
    out = csv.parent / "out"
    assert main(["plot", str(csv), "-o", str(out), "--insight", insight, *options]) == 0
    return json.loads((out / "facts.json").read_text("utf-8"))[insight]["facts"]


@pytest.mark.usefixtures("undrawn")
def test_columns_are_given_by_role(csv: Path) -> None:
    before = facts_of(csv, "mla_dial")
    theirs = {"val_loss": "a", "type": "b", "down_dim_kv": "c", "theoretical_cache_mb": "d_mb"}
    pd.read_csv(csv).rename(columns=theirs).to_csv(csv, index=False)
    columns = ["--column", "quality=a", "--group", "b", "--dial", "c", "--column", "cost=d_mb"]
    assert facts_of(csv, "mla_dial", *columns) == before


@pytest.mark.usefixtures("undrawn")
def test_the_baseline_can_be_another(csv: Path) -> None:
    facts = facts_of(csv, "serving", "--baseline", "GQA")
    assert facts["baseline"] == "GQA"
    assert facts["groups"]["GQA"]["ratio"] == 1


@pytest.mark.usefixtures("undrawn")
def test_filters_leave_the_runs_that_pass_all_of_them(csv: Path) -> None:
    frame = pd.read_csv(csv)
    left = int(((frame["type"] == "MLA") & ~frame["moe"]).sum())
    facts = facts_of(csv, "pareto", "--where", "type=MLA", "--where", "moe=no")
    assert all(panel["groups"] == {"MLA": left} for panel in facts["panels"].values())


@pytest.mark.usefixtures("undrawn")
def test_the_unit_of_the_cache_can_be_given(csv: Path) -> None:
    megabytes = facts_of(csv, "serving")["groups"]["MLA"]["cache"]["median"]
    other = facts_of(csv, "serving", "--unit", "cache=MiB")["groups"]["MLA"]["cache"]["median"]
    assert other == pytest.approx(megabytes * 1.048576)


@pytest.mark.usefixtures("undrawn")
def test_what_is_better_can_be_turned_round(csv: Path) -> None:
    frame = pd.read_csv(csv)
    facts = facts_of(csv, "pareto", "--maximize", "quality")
    front = facts["panels"]["all"]["front"]
    assert max(run["quality"] for run in front) == pytest.approx(frame["val_loss"].max())


@pytest.mark.usefixtures("undrawn")
def test_without_dial_values_the_dial_is_skipped_with_its_reason(
    csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pd.read_csv(csv).drop(columns="down_dim_kv").to_csv(csv, index=False)
    some = ["--insight", "serving", "--insight", "mla_dial"]
    assert main(["plot", str(csv), "-o", str(tmp_path / "out"), *some]) == 0
    said = capsys.readouterr().out
    assert "insight_3_mla_dial: skipped, no column 'down_dim_kv'" in said
    assert not (tmp_path / "out" / "insight_3_mla_dial.png").exists()
    facts = json.loads((tmp_path / "out" / "facts.json").read_text("utf-8"))
    assert "down_dim_kv" in facts["mla_dial"]["skipped"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["{missing}"], "no such file"),
        (["{csv}", "--column", "qualit=x"], "no role 'qualit'; did you mean 'quality'?"),
        (["{csv}", "--column", "cost"], "--column: expected NAME=VALUE, got 'cost'"),
        (["{csv}", "--column", "quality=val_los"], "did you mean 'val_loss'?"),
        (["{csv}", "--style", "dantinx"], "unknown style sheet 'dantinx'; nearest: dantinox"),
        (["{csv}", "--unti", "cache=MB"], "unrecognized argument: --unti; did you mean --unit?"),
        (["{csv}", "--colum", "cost=x"], "unrecognized argument: --colum; did you mean --column?"),
        (["{csv}", "--unit", "cost=s", "--unit", "cost=h"], "'cost' is given two units; name one"),
        (["{csv}", "--log", "cost=perhaps"], "expected cost=yes or cost=no"),
        (["{csv}", "--block", "widht"], "for the role 'block' (--column block=NAME)"),
        (["{csv}", "--unit", "cache=pages"], "no unit 'pages' for the role 'cache'"),
        (
            ["{csv}", "--label", r"quality=a $\frac$"],
            r"the role 'quality': matplotlib cannot read",
        ),
        (["{csv}", "--insight", "pareto", "--column", "quality=type"], "no run has"),
        (["{csv}", "--format", "gif"], "invalid choice: 'gif'"),
    ],
)
def test_a_fault_of_the_input_is_one_line_and_status_two(
    csv: Path, tmp_path: Path, arguments: list[str], message: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    arguments = [a.format(missing=tmp_path / "gone.csv", csv=csv) for a in arguments]
    try:
        status: object = main(["plot", *arguments, "-o", str(tmp_path / "out")])
    except SystemExit as left:
        status = left.code
    said = capsys.readouterr()
    assert (status, said.out) == (2, "")
    assert message in said.err
    assert said.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_the_status_is_that_of_the_process(tmp_path: Path) -> None:
    done = run("plot", str(tmp_path / "gone.csv"), "-o", str(tmp_path / "out"))
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("mpl-dantinox: cannot read ")


def test_math_is_read_in_a_label_and_in_nothing_else(csv: Path, tmp_path: Path) -> None:
    words = ["--label", r"quality=$\alpha$ for 5\$", "--title", r"$\frac$ of it"]
    arguments = ["plot", str(csv), "-o", str(tmp_path), "--insight", "pareto", "--format", "svg"]
    assert main([*arguments, *words]) == 0
    text = (tmp_path / "insight_1_pareto.svg").read_text("utf-8")
    assert r"$\frac$ of it" in text
    assert 'id="DejaVuSans-Oblique-' in text  # as math has its letters


@pytest.mark.usefixtures("undrawn")
def test_a_figure_stays_as_it_was_when_a_later_run_fails(csv: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    main(["plot", str(csv), "-o", str(out), "--insight=pareto"])
    before = {p.name: p.read_bytes() for p in out.iterdir()}
    csv.write_text("type,val_loss\n")
    assert main(["plot", str(csv), "-o", str(out)]) == 2
    assert {p.name: p.read_bytes() for p in out.iterdir()} == before


@pytest.mark.usefixtures("undrawn")
def test_an_output_that_cannot_be_a_folder_is_status_one(
    csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("a file")
    assert main(["plot", str(csv), "-o", str(tmp_path / "out"), "--insight=pareto"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert (tmp_path / "out").read_text() == "a file"


def test_styles_lists_every_sheet(capsys: pytest.CaptureFixture[str]) -> None:
    main(["styles"])
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert listed == [
        "dantinox", "dantinox-cvd", "dantinox-dark", "dantinox-paper", "dantinox-talk",
    ]  # fmt: skip


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(matplotlib, "get_configdir", lambda: str(tmp_path))
    return tmp_path / "stylelib"


def test_installed_sheets_need_no_import(tmp_path: Path) -> None:
    environment = os.environ | {"MPLCONFIGDIR": str(tmp_path)}
    for code in (
        "from mpl_dantinox.command.main import main; main(['styles', '--install'])",
        "import matplotlib.style as s, sys; s.use(['dantinox', 'dantinox-paper']);"
        "assert 'mpl_dantinox' not in sys.modules",
    ):
        subprocess.run([sys.executable, "-W", "error", "-c", code], env=environment, check=True)


def test_uninstall_takes_away_what_install_brought(library: Path) -> None:
    main(["styles", "--install"])
    assert (library / "dantinox.mplstyle").exists()
    main(["styles", "--uninstall"])
    assert not list(library.iterdir())


@pytest.mark.parametrize("action", ["--install", "--uninstall"])
def test_an_edited_sheet_is_left_alone_unless_forced(library: Path, action: str) -> None:
    main(["styles", "--install"])
    sheet = library / "dantinox.mplstyle"
    edited = sheet.read_text() + "lines.linewidth: 9\n"
    sheet.write_text(edited)
    main(["styles", action])
    assert sheet.read_text() == edited
    main(["styles", action, "--force"])
    assert not sheet.exists() or sheet.read_text() != edited


def test_devices_can_be_searched(capsys: pytest.CaptureFixture[str]) -> None:
    main(["devices", "--match", "h100"])
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("H100 ") and "80 GB" in line for line in lines)
    assert all("H100" in line for line in lines)


def test_a_search_that_finds_nothing_tells_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["devices", "--match", "h101"]) == 2
    assert capsys.readouterr().err == "mpl-dantinox: unknown device 'h101'; nearest: H100\n"


def run(*arguments: str, **kwargs: Any) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "mpl_dantinox", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **kwargs)


FOREIGN = {
    "type": "attn_impl", "moe": "is_moe", "params_m": "n_params", "val_loss": "ppl",
    "theoretical_cache_mb": "cache_bytes", "tps_512": "throughput", "down_dim_kv": "kv_lora_rank",
}  # fmt: skip


@pytest.mark.usefixtures("undrawn")
def test_a_table_with_none_of_our_names_makes_three_figures_and_says_how(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "theirs.csv"
    frame = table(MLA_WINS, noise=0.1).rename(columns=FOREIGN)
    frame["attn_impl"] = frame["attn_impl"].replace({"MHA": "mha (flash)", "GQA": "GQA-8"})
    frame.loc[0, "ppl"] = None
    frame.to_csv(path, index=False, sep=";", decimal=",", encoding="utf-16")
    status = main(["plot", str(path), "-o", str(tmp_path), "--baseline", "mha (flash)"])
    said = capsys.readouterr().out
    assert status == 0
    assert {f"{stem}.png" for stem in FIGURES[:3]} <= {p.name for p in tmp_path.iterdir()}
    for line in (
        "group: using 'attn_impl'",
        "moe: using 'is_moe'",
        "quality: using 'ppl'",
        "cost: using 'cache_bytes', in bytes by its name",
        f"quality: 1 of {len(frame)} rows are empty",
        "left out of pareto: 1 row without ppl",
    ):
        assert said.count(f"{line}\n") == 1, said
    assert re.search(r"^ +runs +on the front +tok/s at 80 GB +to mha \(flash\)", said, re.M)
    assert re.search(r"best \d+, \d", said)


@pytest.mark.usefixtures("undrawn")
def test_roles_that_are_absent_are_said_in_a_line_each(
    csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    frame = pd.read_csv(csv).drop(columns=["moe", "params_m", "tps_512", "down_dim_kv"])
    frame.to_csv(csv, index=False)
    assert main(["plot", str(csv), "-o", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out.splitlines()
    for start in (
        "moe: no column 'moe', so dense and MoE runs are not told apart",
        "params: no column 'params_m', so the size of a model is not shown",
        "insight_2_serving: skipped, no column 'tps_512'",
        "insight_3_mla_dial: skipped, no column 'down_dim_kv'",
    ):
        assert sum(line.startswith(start) for line in said) == 1


@pytest.mark.usefixtures("undrawn")
def test_a_baseline_that_is_not_there_is_said(
    csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["plot", str(csv), "-o", str(tmp_path), "--insight", "serving", "--baseline", "MQA"])
    assert "no ratios: no group is called 'MQA', see --baseline" in capsys.readouterr().out


@pytest.mark.usefixtures("undrawn")
def test_quiet_prints_nothing(
    csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plot", str(csv), "-o", str(tmp_path), "--insight", "serving", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.usefixtures("undrawn")
def test_json_alone_is_on_standard_output(
    csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["plot", str(csv), "-o", str(tmp_path), "--insight", "serving", "--json"]) == 0
    said = capsys.readouterr()
    assert said.out == (tmp_path / "facts.json").read_text("utf-8")
    assert "insight_2_serving.png" in said.err


def test_the_summary_has_no_colour_and_is_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    lines = list(summary(report(table(MLA_WINS), insights=["pareto", "serving"]).to_dict()))
    assert not any("\x1b" in line for line in lines)
    heads, *rows = lines[:4]
    end = heads.index("tok/s at 80 GB") + len("tok/s at 80 GB")
    assert all(row[end - 1].isdigit() and not row[end : end + 2].strip() for row in rows)


def test_the_summary_has_the_interval_of_each_ratio_beside_it() -> None:
    told = report(table(MLA_WINS), insights=["serving", "context"]).to_dict()
    heads, *rows = summary(told)
    assert heads.count("95% interval") == 2
    (ours,) = [row for row in rows if row.startswith("MLA")]
    for name in ("serving", "context"):
        (claim,) = [
            one for one in told[name]["claims"] if one["kind"] == "ratio" and one["of"] == "MLA"
        ]
        low, high = map(number, claim["interval"])
        assert re.search(rf"{claim['text']} +{re.escape(low)} to {re.escape(high)}", ours)


def test_what_failed_is_in_the_summary_once() -> None:
    runs = table(MLA_WINS)
    told = report(runs.assign(oom=runs.index < 2), insights=["pareto", "serving"]).to_dict()
    heads, *rows = summary(told)
    (group,) = runs["type"][:2].unique()
    (ours,) = [row for row in rows if row.startswith(group)]
    end = heads.index("out of memory") + len("out of memory")
    assert re.fullmatch(rf"{group} +\d+ +\d+ +2", ours[:end])


def test_one_column_may_be_the_cache_and_the_cost(tmp_path: Path) -> None:
    runs = table(MLA_WINS).rename(columns={"theoretical_cache_mb": "KV cache (MiB)"})
    told = report(runs, cache="KV cache (MiB)")
    assert {"pareto", "serving"} <= told.insights.keys()
    # What is named for another role is no guess, and is missing then.
    told = report(runs, weights="KV cache (MiB)")
    assert "for the role 'cost' (--column cost=NAME)" in told.skipped["pareto"]


@pytest.mark.parametrize(("encoding", "times"), [("cp1252", "×"), ("ascii", r"\xd7")])
@pytest.mark.usefixtures("undrawn")
def test_a_terminal_that_lacks_a_letter_gets_its_code(
    encoding: str, times: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", terminal)
    assert main(["plot", "-o", str(tmp_path / "out"), "--insight", "serving"]) == 0
    terminal.flush()
    said = terminal.buffer.getvalue().decode(encoding)
    assert re.search(rf"\d{re.escape(times)} the tokens of MHA", said)


@pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")
@pytest.mark.parametrize("arguments", [["plot", "--help"], ["devices", "--match", "H100"]])
def test_no_color_is_honoured_on_a_terminal(arguments: list[str]) -> None:
    import pty

    seen, end = pty.openpty()
    command = [sys.executable, "-m", "mpl_dantinox", *arguments]
    subprocess.run(command, stdout=end, env=os.environ | {"NO_COLOR": "1"}, check=True)
    os.close(end)
    text = os.read(seen, 4096)
    os.close(seen)
    assert text
    assert b"\x1b" not in text


def test_the_page_of_the_manual_is_what_the_parser_says() -> None:
    page = Path(__file__).parents[1] / "docs" / "cli.md"
    # Pythons before 3.13 repeat the value after each spelling of an option.
    assert re.sub(r"(-\w) [A-Z]+, --", r"\1, --", manual()) == page.read_text("utf-8")
    for heading in ("plot", "check", "columns", "styles", "devices", "cache"):
        assert f"## mpl-dantinox {heading}\n" in page.read_text("utf-8")


@pytest.mark.parametrize("command", ["", "plot", "check", "columns", "styles", "devices", "cache"])
def test_help_has_examples(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*command.split(), "--help"])
    assert f"examples:\n  mpl-dantinox {command}" in capsys.readouterr().out


def test_a_traceback_is_shown_with_debug_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["plot", str(tmp_path / "gone.csv"), "-o", str(tmp_path)]
    assert main(arguments) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert main([*arguments, "--debug"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_a_fault_of_ours_is_one_line_too(
    monkeypatch: pytest.MonkeyPatch, csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*args: Any, **kwargs: Any) -> bytes:
        raise TypeError("no\nway")

    monkeypatch.setattr(Insight, "render", broken)
    assert main(["plot", str(csv), "-o", str(tmp_path / "out")]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("undrawn")
def test_check_tells_by_its_status_whether_the_claims_hold(
    csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = tmp_path / "out" / "facts.json"
    main(["plot", str(csv), "-o", str(facts.parent), "--insight=serving"])
    assert main(["check", str(facts), str(csv)]) == 0
    runs = pd.read_csv(csv)
    slower = runs["tps_512"].where(runs["type"] != "MLA", runs["tps_512"] / 2)
    runs.assign(tps_512=slower).to_csv(csv, index=False)
    capsys.readouterr()
    assert main(["check", str(facts), str(csv)]) == 1
    assert "serving ratio of MLA: " in capsys.readouterr().out


@pytest.fixture
def earlier(csv: Path, tmp_path: Path) -> dict[Path, bytes]:
    out = tmp_path / "out"
    assert main(["plot", str(csv), "-o", str(out), "--insight", "pareto"]) == 0
    table(MLA_WINS, seed=1, noise=0.2).to_csv(csv, index=False)
    return {path: path.read_bytes() for path in out.iterdir()}


@pytest.mark.skipif(os.name == "nt", reason="Windows sets no limit to a file's size")
def test_a_full_disk_leaves_the_earlier_files(
    csv: Path, tmp_path: Path, earlier: dict[Path, bytes]
) -> None:
    import resource

    def limited() -> None:
        # The figure fits and the facts after it do not, or neither does.
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))

    arguments = ["plot", str(csv), "-o", str(tmp_path / "out"), "--insight", "pareto"]
    done = run(*arguments, preexec_fn=limited)
    assert (done.returncode, done.stdout) == (1, "")
    # matplotlib may say before that it could not keep its list of fonts.
    assert done.stderr.splitlines()[-1].endswith("insight_1_pareto.png: File too large")
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == earlier


@pytest.mark.parametrize("fault", [PermissionError(13, "Permission denied"), KeyboardInterrupt()])
@pytest.mark.usefixtures("undrawn")
def test_a_read_only_folder_or_ctrl_c_while_writing_leaves_the_earlier_files(
    monkeypatch: pytest.MonkeyPatch, csv: Path, tmp_path: Path, earlier: dict[Path, bytes],
    fault: BaseException, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    real, made = tempfile.mkstemp, []

    def second_fails(**kwargs: Any) -> Any:
        made.append(kwargs)
        if len(made) == 2:
            raise fault
        return real(**kwargs)

    monkeypatch.setattr(tempfile, "mkstemp", second_fails)
    status = main(["plot", str(csv), "-o", str(tmp_path / "out"), "--insight", "pareto"])
    assert status == (130 if isinstance(fault, KeyboardInterrupt) else 1)
    assert capsys.readouterr().err.count("\n") == 1
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir()} == earlier


@pytest.mark.skipif(os.name == "nt", reason="Windows has another signal")
def test_ctrl_c_is_status_130_and_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mpl_dantinox", "plot", "-", "-o", str(tmp_path / "out")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        # Whoever runs the tests in the background ignores the signal, and so would the program.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:  # fmt: skip
        assert process.stdin is not None
        # More than a pipe holds: when it is written, the program is reading.
        process.stdin.write(b"type\n" * 100_000)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 130
    assert said == "mpl-dantinox: interrupted; nothing was written\n"
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_an_output_that_takes_nothing_is_status_one() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "mpl_dantinox", "devices"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr == "mpl-dantinox: cannot write standard output: No space left on device\n"


@pytest.mark.parametrize("command", ["styles", "devices", "cache"])
def test_what_needs_no_table_imports_no_tables(command: str, tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps(LLAMA))
    arguments = [command, str(config), "--tokens", "1"] if command == "cache" else [command]
    code = (
        f"import sys; from mpl_dantinox.command.main import main; assert not main({arguments!r});"
        "assert not {'pandas', 'narwhals', 'matplotlib.pyplot'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_the_scale_of_an_axis_can_be_asked_for(tmp_path: Path) -> None:
    options = ["--insight", "mla_dial", "--format", "svg", "--json", "-o", str(tmp_path)]
    assert main(["plot", *options, "--log", "dial=no"]) == 0
    linear = (tmp_path / "insight_3_mla_dial.svg").read_bytes()
    assert main(["plot", *options]) == 0
    assert (tmp_path / "insight_3_mla_dial.svg").read_bytes() != linear


@pytest.mark.usefixtures("undrawn")
def test_a_figure_that_the_new_facts_do_not_have_does_not_stay_behind(
    csv: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = csv.parent / "out"
    both = ["--insight=pareto", "--insight=serving", "--format=png", "--format=svg"]
    assert main(["plot", str(csv), "-o", str(out), *both]) == 0
    (out / "insight_9_mine.png").write_bytes(b"mine")
    assert main(["plot", str(csv), "-o", str(out), "--insight", "pareto"]) == 0
    names = {path.name for path in out.iterdir()}
    assert names == {"insight_1_pareto.png", "facts.json", "insight_9_mine.png"}
    assert "insight_2_serving.png: removed" in capsys.readouterr().out


@pytest.mark.usefixtures("undrawn")
def test_a_file_with_the_name_of_a_figure_stays_where_no_facts_tell_of_it(csv: Path) -> None:
    out = csv.parent / "out"
    out.mkdir()
    (out / "insight_2_serving.png").write_bytes(b"mine")
    (out / "facts.json").write_text("[1, 2]")
    assert main(["plot", str(csv), "-o", str(out), "--insight", "pareto"]) == 0
    assert (out / "insight_2_serving.png").read_bytes() == b"mine"


def test_what_was_read_is_said_also_where_nothing_is_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "runs.csv"
    path.write_text("type,val_loss,MMLU,vram_gb\nMLA,low,40,2\nGQA,high,50,3\n")
    options = ["--column", "cost=vram_gb", "--insight", "pareto"]
    assert main(["plot", str(path), "-o", str(tmp_path / "out"), *options]) == 2
    said = capsys.readouterr().err
    assert "quality: 2 of 2 rows are not a number, such as 'low'" in said
    assert "cost: using 'vram_gb', in GB by its name" in said
    assert said.count("\n") == 1


@pytest.mark.usefixtures("undrawn")
@pytest.mark.usefixtures("undrawn")
def test_the_error_of_a_table_without_our_names_ends_in_a_command_that_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "my runs.csv"
    path.write_text("family,MMLU,GSM8K,Latency (s)\na,40,9,2\nb,50,7,3\na,45,8,4\n")
    assert main(["plot", str(path), "-o", str(tmp_path / "out")]) == 2
    said = capsys.readouterr().err.strip()
    for role in ("group", "quality", "cost"):
        assert f"--column {role}=NAME" in said
    command = shlex.split(said.partition("try mpl-dantinox ")[2])
    assert main([*command, "-o", str(tmp_path / "out")]) == 0


def test_columns_tells_what_each_looks_like_and_what_roles_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "runs.csv"
    path.write_text("family,MMLU,Latency (s),moe\na,40,2,yes\nb,,3,no\na,45,4,\n")
    assert main(["columns", str(path)]) == 0
    assert capsys.readouterr().out.splitlines()[:4] == [
        "family       text, 2 values",
        "MMLU         40 to 45, 1 missing",
        "Latency (s)  2 to 4, s",
        "moe          true or false, 1 missing",
    ]
    assert main(["columns", "--roles"]) == 0
    said = capsys.readouterr().out
    assert all(f"\n{role}: " in f"\n{said}" for role in ROLES)


def test_the_cache_of_a_model_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "config.json"
    config.write_text(json.dumps(LLAMA))
    assert main(["cache", str(config), "--tokens", "8192"]) == 0
    # 2 × 32 layers × 8 heads × 128 × 2 bytes a token.
    assert capsys.readouterr().out == "1,073.741824 MB for 8,192 tokens, of 10^6 bytes\n"
    config.write_text("{}")
    assert main(["cache", str(config), "--tokens", "8192"]) == 2
    assert main(["cache", str(tmp_path / "gone.json"), "--tokens", "1"]) == 2
    said = capsys.readouterr().err
    assert said.endswith("gone.json': no such file or directory\n")
    assert said.count("\n") == 2


@pytest.mark.usefixtures("undrawn")
def test_the_table_of_published_models_is_drawn_by_its_name(tmp_path: Path) -> None:
    facts = ["plot", "sample:models", "-o", str(tmp_path)]
    assert main(facts) == 0
    told = json.loads((tmp_path / "facts.json").read_text("utf-8"))
    assert told["provenance"]["source"] == "models.csv"
    assert told["pareto"]["facts"]["sense"] == ["min", "max"]
    assert told["provenance"]["labels"]["quality"] == "MMLU"
    assert main(["plot", "sample:model", "-o", str(tmp_path / "no")]) == 2


def test_glyphs_that_the_font_lacks_are_named_at_once_with_what_mends_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "runs.csv"
    table.write_text("量化,val_loss,显存 (GB)\nA,2.5,1\nB,2.4,2\n", "utf-8")
    options = ["--group", "量化", "--column", "cost=显存 (GB)", "--insight", "pareto"]
    assert main(["plot", str(table), *options, "-o", str(tmp_path / "out")]) == 0
    said = [line for line in capsys.readouterr().out.splitlines() if "glyphs for" in line]
    assert said == [
        "the font has no glyphs for 显存; name one that has in a --style sheet, as font.family, or "
        "other words with --label"
    ]
