"""A decoder-only transformer with three kinds of attention and a real KV cache."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

VOCAB = 256  # bytes
CONTEXT = 512
N_EXPERTS = 4
TOP_K = 2


@dataclass(frozen=True)
class Config:
    """The shape of one model. `kv_heads` is for MHA and GQA, `down_dim_kv` for MLA."""

    type: str
    dim: int
    num_blocks: int
    n_heads: int
    kv_heads: int | None = None
    down_dim_kv: int | None = None
    moe: bool = False

    @property
    def head_dim(self) -> int:
        return self.dim // self.n_heads

    @property
    def rope_dim(self) -> int:
        """Size of MLA's decoupled rotary key: half a head, as in the paper."""
        return self.head_dim // 2

    def cache_bytes(self, tokens: int = CONTEXT, bytes_per_value: int = 4) -> int:
        """Bytes of the KV cache of one sequence, by formula (float32 unless said otherwise)."""
        if self.type == "MLA":
            per_token = self.down_dim_kv + self.rope_dim  # one latent, one rotary key
        else:
            per_token = 2 * self.kv_heads * self.head_dim  # keys and values
        return self.num_blocks * tokens * per_token * bytes_per_value


def rotary_table(size: int) -> Tensor:
    """Cosines and sines, (2, CONTEXT, size / 2), of position times 10000^(-2 pair / size)."""
    rates = 10000.0 ** (-torch.arange(0, size, 2) / size)
    angles = torch.outer(torch.arange(CONTEXT), rates)
    return torch.stack([angles.cos(), angles.sin()])


def rotate(x: Tensor, table: Tensor) -> Tensor:
    """Rotary position embedding of `x` (..., tokens, size), halves paired."""
    cos, sin = table
    a, b = x.chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, a * sin + b * cos], dim=-1)


def attend(q: Tensor, k: Tensor, v: Tensor, scale: float) -> Tensor:
    """Attention of one new token to everything cached; nothing lies ahead, so no mask."""
    return (q @ k.mT * scale).softmax(-1) @ v


class GroupedAttention(nn.Module):
    """GQA (Ainslie et al., 2023); with as many KV heads as heads it is MHA."""

    def __init__(self, c: Config) -> None:
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = c.n_heads, c.kv_heads, c.head_dim
        self.query = nn.Linear(c.dim, c.dim, bias=False)
        self.key_value = nn.Linear(c.dim, 2 * c.kv_heads * c.head_dim, bias=False)
        self.out = nn.Linear(c.dim, c.dim, bias=False)
        self.register_buffer("table", rotary_table(c.head_dim), persistent=False)

    def new_cache(self) -> Tensor:
        return torch.zeros(2, 1, self.kv_heads, CONTEXT, self.head_dim)

    def project(self, x: Tensor, start: int) -> tuple[Tensor, Tensor, Tensor]:
        batch, tokens, _ = x.shape
        table = self.table[:, start : start + tokens]
        q = self.query(x).view(batch, tokens, self.heads, -1).transpose(1, 2)
        kv = self.key_value(x).view(batch, tokens, 2, self.kv_heads, -1)
        k, v = kv.permute(2, 0, 3, 1, 4)
        return rotate(q, table), rotate(k, table), v

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.project(x, 0)
        if self.heads != self.kv_heads:
            k, v = (t.repeat_interleave(self.heads // self.kv_heads, dim=1) for t in (k, v))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.out(y.transpose(1, 2).reshape(x.shape))

    def decode(self, x: Tensor, at: int, cache: Tensor) -> Tensor:
        q, k, v = self.project(x, at)
        cache[0, :, :, at] = k[:, :, 0]
        cache[1, :, :, at] = v[:, :, 0]
        k, v = cache[:, :, :, : at + 1]
        # The heads that share a KV head are the rows of one product: nothing is copied.
        q = q.view(1, self.kv_heads, -1, self.head_dim)
        return self.out(attend(q, k, v, self.head_dim**-0.5).view(x.shape))


class LatentAttention(nn.Module):
    """MLA (DeepSeek-V2, 2024): keys and values are read off one small latent per token.

    A rotated key cannot be read off a latent that knows no position, so a second, rotary
    part of the key, shared by all heads, is computed from the input and cached beside it.
    The queries are not compressed: that saves no cache.
    """

    def __init__(self, c: Config) -> None:
        super().__init__()
        self.heads, self.head_dim = c.n_heads, c.head_dim
        self.latent, self.rope = c.down_dim_kv, c.rope_dim
        self.scale = (c.head_dim + c.rope_dim) ** -0.5
        self.query = nn.Linear(c.dim, c.n_heads * (c.head_dim + c.rope_dim), bias=False)
        self.down = nn.Linear(c.dim, c.down_dim_kv + c.rope_dim, bias=False)
        self.norm = nn.RMSNorm(c.down_dim_kv)
        self.up_key = nn.Linear(c.down_dim_kv, c.dim, bias=False)
        self.up_value = nn.Linear(c.down_dim_kv, c.dim, bias=False)
        self.out = nn.Linear(c.dim, c.dim, bias=False)
        self.register_buffer("table", rotary_table(c.rope_dim), persistent=False)

    def new_cache(self) -> Tensor:
        return torch.zeros(1, CONTEXT, self.latent + self.rope)

    def project(self, x: Tensor, start: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        batch, tokens, _ = x.shape
        table = self.table[:, start : start + tokens]
        q = self.query(x).view(batch, tokens, self.heads, -1).transpose(1, 2)
        q, q_rope = q.split([self.head_dim, self.rope], dim=-1)
        latent, k_rope = self.down(x).split([self.latent, self.rope], dim=-1)
        return q, rotate(q_rope, table), self.norm(latent), rotate(k_rope, table)

    def forward(self, x: Tensor) -> Tensor:
        batch, tokens, _ = x.shape
        q, q_rope, latent, k_rope = self.project(x, 0)
        k = self.up_key(latent).view(batch, tokens, self.heads, -1).transpose(1, 2)
        v = self.up_value(latent).view(batch, tokens, self.heads, -1).transpose(1, 2)
        k_rope = k_rope[:, None].expand(-1, self.heads, -1, -1)
        # The fused kernel wants values as wide as keys; the zeros are cut off again.
        y = F.scaled_dot_product_attention(
            torch.cat([q, q_rope], dim=-1),
            torch.cat([k, k_rope], dim=-1),
            F.pad(v, (0, self.rope)),
            is_causal=True,
            scale=self.scale,
        )[..., : self.head_dim]
        return self.out(y.transpose(1, 2).reshape(x.shape))

    def decode(self, x: Tensor, at: int, cache: Tensor) -> Tensor:
        """Attend in the latent space: the up-projections move to the query and the output.

        q . (U c) = (U^T q) . c, so no key or value of a past token is ever built.
        """
        q, q_rope, latent, k_rope = self.project(x, at)
        cache[:, at] = torch.cat([latent, k_rope], dim=-1)[:, 0]
        past = cache[:, : at + 1]
        up_key = self.up_key.weight.view(self.heads, self.head_dim, self.latent)
        up_value = self.up_value.weight.view(self.heads, self.head_dim, self.latent)
        q = torch.cat([q[0] @ up_key, q_rope[0]], dim=-1)  # (heads, 1, latent + rope)
        y = attend(q.transpose(0, 1), past, past[..., : self.latent], self.scale)
        y = y.transpose(0, 1) @ up_value.mT
        return self.out(y.view(x.shape))


class FeedForward(nn.Sequential):
    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__(nn.Linear(dim, hidden), nn.GELU(), nn.Linear(hidden, dim))


class MixtureOfExperts(nn.Module):
    """Each token goes to its TOP_K best experts, which together are as wide as the dense layer."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.router = nn.Linear(dim, N_EXPERTS, bias=False)
        self.experts = nn.ModuleList(FeedForward(dim, 4 * dim // TOP_K) for _ in range(N_EXPERTS))
        self.balance = torch.zeros(())

    def forward(self, x: Tensor) -> Tensor:
        flat = x.reshape(-1, x.shape[-1])
        odds = self.router(flat).softmax(-1)
        weight, chosen = odds.topk(TOP_K)
        weight = weight / weight.sum(-1, keepdim=True)
        y = torch.zeros_like(flat)
        for i in chosen.unique().tolist():
            token, rank = (chosen == i).nonzero(as_tuple=True)
            y.index_add_(0, token, self.experts[i](flat[token]) * weight[token, rank, None])
        if self.training:
            # Switch Transformer's loss: 1 when the experts share the work evenly.
            load = F.one_hot(chosen, N_EXPERTS).float().mean((0, 1))
            self.balance = N_EXPERTS * (load * odds.mean(0)).sum()
        return y.view(x.shape)


class Block(nn.Module):
    def __init__(self, c: Config) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.RMSNorm(c.dim), nn.RMSNorm(c.dim)
        self.attention = LatentAttention(c) if c.type == "MLA" else GroupedAttention(c)
        self.feed_forward = MixtureOfExperts(c.dim) if c.moe else FeedForward(c.dim, 4 * c.dim)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attention(self.norm1(x))
        return x + self.feed_forward(self.norm2(x))

    def decode(self, x: Tensor, at: int, cache: Tensor) -> Tensor:
        x = x + self.attention.decode(self.norm1(x), at, cache)
        return x + self.feed_forward(self.norm2(x))


class Transformer(nn.Module):
    def __init__(self, c: Config) -> None:
        super().__init__()
        self.embed = nn.Embedding(VOCAB, c.dim)
        self.blocks = nn.ModuleList(Block(c) for _ in range(c.num_blocks))
        self.norm = nn.RMSNorm(c.dim)
        self.head = nn.Linear(c.dim, VOCAB, bias=False)
        nn.init.normal_(self.embed.weight, std=0.02)
        for block in self.blocks:  # keep the sum over blocks as large as one block
            nn.init.normal_(block.attention.out.weight, std=(2 * c.num_blocks * c.dim) ** -0.5)

    def forward(self, tokens: Tensor) -> Tensor:
        """Logits (batch, tokens, VOCAB) of every next byte."""
        x = self.embed(tokens)
        for block in self.blocks:
            x = block(x)
        return self.head(self.norm(x))

    def new_cache(self) -> list[Tensor]:
        """An empty cache of CONTEXT tokens for one sequence, a tensor per block."""
        return [block.attention.new_cache() for block in self.blocks]

    def decode(self, token: Tensor, at: int, cache: list[Tensor]) -> Tensor:
        """Logits (1, 1, VOCAB) after `token` (1, 1) at position `at`; the cache is written to."""
        x = self.embed(token)
        for block, part in zip(self.blocks, cache, strict=True):
            x = block.decode(x, at, part)
        return self.head(self.norm(x))

    def balance(self) -> Tensor:
        """Mean load-balancing loss of the mixtures of experts; zero for a dense model."""
        parts = [m.balance for m in self.modules() if isinstance(m, MixtureOfExperts)]
        return torch.stack(parts).mean() if parts else torch.zeros(())
