"""
A line through the front of an optuna study
===========================================

Optuna colours the best trials of two objectives; a staircase says what a trial between them would
have to beat.
"""

import warnings

import matplotlib.pyplot as plt
import optuna

from mpl_dantinox.axes import pareto_step


def objective(trial):
    """Return two values that cannot both be lowest."""
    x, y = trial.suggest_float("x", 0, 5), trial.suggest_float("y", 0, 3)
    return 4 * x**2 + 4 * y**2, (x - 5) ** 2 + (y - 5) ** 2


optuna.logging.set_verbosity(optuna.logging.WARNING)
study = optuna.create_study(
    directions=["minimize", "minimize"], sampler=optuna.samplers.RandomSampler(seed=2)
)
study.optimize(objective, n_trials=50)
with warnings.catch_warnings():
    # Optuna calls its own plotting experimental.
    warnings.simplefilter("ignore")
    ax = optuna.visualization.matplotlib.plot_pareto_front(study)

ax.figure.set_size_inches(4.5, 3.2)
x, y = zip(*(trial.values for trial in study.trials), strict=True)
pareto_step(ax, x, y, shade=True, label="front")
ax.legend()
ax.figure.set_layout_engine("constrained")
plt.show()
