"""The model is what the table says it is."""

import pytest
import torch

from attention_sweep.model import CONTEXT, TOP_K, Config, MixtureOfExperts, Transformer

CONFIGS = {
    "MHA": Config("MHA", 64, 2, 8, kv_heads=8),
    "GQA": Config("GQA", 64, 2, 8, kv_heads=2),
    "MLA": Config("MLA", 64, 2, 8, down_dim_kv=24),
    "MoE": Config("MLA", 64, 2, 8, down_dim_kv=24, moe=True),
}


@pytest.fixture(params=CONFIGS, ids=str)
def config(request):
    return CONFIGS[request.param]


@pytest.fixture
def model(config):
    torch.manual_seed(0)
    model = Transformer(config).eval()
    for parameter in model.parameters():  # far from the small weights of the start
        torch.nn.init.normal_(parameter, std=0.2)
    return model


@pytest.fixture
def tokens():
    return torch.randint(256, (1, 40), generator=torch.Generator().manual_seed(1))


@torch.inference_mode()
def test_cached_decoder_gives_the_logits_of_the_full_pass(model, tokens):
    cache = model.new_cache()
    steps = [model.decode(tokens[:, at : at + 1], at, cache) for at in range(tokens.shape[1])]
    torch.testing.assert_close(torch.cat(steps, 1), model(tokens), rtol=0, atol=1e-4)


@torch.inference_mode()
def test_logits_do_not_see_later_tokens(model, tokens):
    changed = tokens.clone()
    changed[:, 25:] = (changed[:, 25:] + 1) % 256
    before, after = model(tokens), model(changed)
    torch.testing.assert_close(before[:, :25], after[:, :25], rtol=0, atol=1e-5)
    assert not torch.allclose(before[:, 25:], after[:, 25:], atol=1e-2)


@torch.inference_mode()
def test_logits_depend_on_earlier_tokens(model, tokens):
    changed = tokens.clone()
    changed[:, 0] = (changed[:, 0] + 1) % 256
    assert not torch.allclose(model(tokens)[:, -1], model(changed)[:, -1], atol=1e-3)


def test_formula_gives_the_bytes_of_the_cache(config, model):
    held = sum(part.untyped_storage().nbytes() for part in model.new_cache())
    assert config.cache_bytes(CONTEXT) == held


def test_each_token_is_computed_by_k_experts():
    layer = MixtureOfExperts(32)
    seen = []
    for expert in layer.experts:
        expert.register_forward_hook(lambda _, args, out: seen.append(args[0]))
    x = torch.randn(3, 7, 32)
    layer(x)
    rows = torch.cat(seen)
    for token in x.view(-1, 32):
        assert (rows == token).all(1).sum() == TOP_K


def test_one_token_calls_k_experts():
    layer = MixtureOfExperts(32).eval()
    called = []
    for expert in layer.experts:
        expert.register_forward_hook(lambda *_: called.append(1))
    layer(torch.randn(1, 1, 32))
    assert len(called) == TOP_K
