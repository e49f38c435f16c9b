"""The runs of the sweep, and how one of them is trained and measured."""

import math
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
import torch.nn.functional as F

from .data import Split, windows
from .model import CONTEXT, Config, Transformer

SIZES = ((96, 2, 6), (120, 2, 6), (144, 3, 6))  # dim, num_blocks, n_heads
DIAL = (8, 16, 32, 48, 64, 96)  # down_dim_kv
KV_HEADS = (3, 2)  # GQA

WINDOW = 256  # bytes read at once in training and validation
BATCH = 4
STEPS = 512
TOKENS = STEPS * BATCH * WINDOW
WARMUP = 30
LEARNING_RATE = 3e-3
BALANCE_WEIGHT = 0.01
VAL_WINDOWS = 400

LENGTHS = (64, 128, 256, 512)
TIMED_STEPS = 32
REPEATS = 7

COLUMNS = (
    "run", "type", "moe", "params_m", "val_loss", "theoretical_cache_mb", "measured_cache_mb",
    *(f"tps_{n}" for n in LENGTHS),
    "down_dim_kv", "dim", "num_blocks", "n_heads", "kv_heads", "seed", "tokens",
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    config: Config
    seed: int

    @property
    def name(self) -> str:
        c = self.config
        detail = {"MLA": f"-c{c.down_dim_kv}", "GQA": f"-kv{c.kv_heads}"}.get(c.type, "")
        return f"{c.type.lower()}{detail}-d{c.dim}{'-moe' if c.moe else ''}-s{self.seed}"


def runs() -> list[Run]:
    """Every run, in an order that leaves a balanced table if the sweep is cut short.

    Each kind of model is trained at every size, so that a median per type, or per dial value,
    compares like with like.
    """

    def each(moe: bool, seed: int, dial: tuple[int, ...], kv: tuple[int, ...]) -> Iterator[Run]:
        kinds = (
            [("MHA", 6, None)] + [("GQA", k, None) for k in kv] + [("MLA", None, c) for c in dial]
        )
        for kind, kv_heads, down in kinds:
            for size in SIZES:
                yield Run(Config(kind, *size, kv_heads, down, moe), seed)

    return [
        *each(False, 0, DIAL, KV_HEADS),
        *each(True, 0, (16,), (3,)),
        *each(False, 1, DIAL, KV_HEADS),
        *each(True, 1, (48,), (2,)),
        *each(False, 2, (), ()),
    ]


def learning_rate(step: int) -> float:
    """Linear warm-up, then half a cosine down to a tenth."""
    if step < WARMUP:
        return LEARNING_RATE * (step + 1) / WARMUP
    done = (step - WARMUP) / (STEPS - WARMUP)
    return LEARNING_RATE * (0.55 + 0.45 * math.cos(math.pi * done))


def train(run: Run, text: torch.Tensor, report: Callable[[int, float], None]) -> Transformer:
    """A trained model. The seed sets the initial weights and the order of the text."""
    torch.manual_seed(run.seed)
    model = Transformer(run.config).train()
    order = torch.Generator().manual_seed(run.seed)
    optimizer = torch.optim.AdamW(
        model.parameters(), betas=(0.9, 0.95), weight_decay=0.1, fused=True
    )
    for step in range(STEPS):
        starts = torch.randint(len(text) - WINDOW, (BATCH,), generator=order)
        x, y = windows(text, starts, WINDOW)
        loss = F.cross_entropy(model(x).flatten(0, 1), y.flatten())
        (loss + BALANCE_WEIGHT * model.balance()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for group in optimizer.param_groups:
            group["lr"] = learning_rate(step)
        optimizer.step()
        optimizer.zero_grad()
        report(step + 1, loss.item())
    return model.eval()


@torch.inference_mode()
def validation_loss(model: Transformer, text: torch.Tensor) -> float:
    """Nats per byte over VAL_WINDOWS windows spread evenly over the validation text."""
    starts = torch.linspace(0, len(text) - WINDOW - 1, VAL_WINDOWS, dtype=torch.float64).long()
    total = 0.0
    for part in starts.split(16):
        x, y = windows(text, part, WINDOW)
        total += F.cross_entropy(model(x).flatten(0, 1), y.flatten(), reduction="sum").item()
    return total / (VAL_WINDOWS * WINDOW)


@torch.inference_mode()
def decode_speed(model: Transformer) -> dict[int, float]:
    """Greedy decoding of one sequence: tokens/s over the TIMED_STEPS before each length."""
    speeds = {}
    cache = model.new_cache()
    token = torch.full((1, 1), ord("\n"))
    for at in range(CONTEXT):
        if at + TIMED_STEPS in LENGTHS:
            began = time.perf_counter()
        token = model.decode(token, at, cache).argmax(-1)
        if at + 1 in LENGTHS:
            speeds[at + 1] = TIMED_STEPS / (time.perf_counter() - began)
    return speeds


def speed_columns(passes: list[dict[int, float]]) -> dict[str, str]:
    return {f"tps_{n}": f"{statistics.median(p[n] for p in passes):.1f}" for n in LENGTHS}


def time_again(todo: list[Run], rounds: int) -> Iterator[dict[str, dict[str, str]]]:
    """Speed columns of every run, better after each round.

    What else the machine does changes within minutes. Rounds over all models spread that over
    all of them alike. The weights do not matter to the speed, so none are trained for this.
    """
    models = {run.name: Transformer(run.config).eval() for run in todo}
    passes: dict[str, list[dict[int, float]]] = {name: [] for name in models}
    for _ in range(rounds):
        for name, model in models.items():
            passes[name].append(decode_speed(model))
        yield {name: speed_columns(p) for name, p in passes.items()}


def measure(run: Run, model: Transformer, val: Split) -> dict[str, object]:
    """One row of the table."""
    c = run.config
    held = sum(t.untyped_storage().nbytes() for t in model.new_cache())
    return {
        "run": run.name,
        "type": c.type,
        "moe": str(c.moe).lower(),
        "params_m": f"{sum(p.numel() for p in model.parameters()) / 1e6:.6f}",
        "val_loss": f"{validation_loss(model, val.text):.6f}",
        "theoretical_cache_mb": f"{c.cache_bytes() / 1e6:.6f}",
        "measured_cache_mb": f"{held / 1e6:.6f}",
        **speed_columns([decode_speed(model) for _ in range(REPEATS)]),
        "down_dim_kv": c.down_dim_kv,
        "dim": c.dim,
        "num_blocks": c.num_blocks,
        "n_heads": c.n_heads,
        "kv_heads": c.kv_heads,
        "seed": run.seed,
        "tokens": TOKENS,
    }
