"""Train and measure a sweep of small transformers: MHA, GQA and MLA, dense and MoE."""
