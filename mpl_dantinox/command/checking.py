"""`check`: whether the claims of a facts.json still hold."""

import argparse
import sys
import warnings

from mpl_dantinox.command.progress import progress
from mpl_dantinox.testing.claims import check

__all__ = ["check_claims"]


def check_claims(args: argparse.Namespace) -> int:
    """Print what no longer holds; return 1 if there is any."""
    with progress(1) as step, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        step("checking")
        changed = check(args.facts, args.table, rtol=args.rtol)
    for warning in warned:
        print(warning.message, file=sys.stderr)
    print("\n".join(changed) if changed else f"every claim of {args.facts} holds")
    return 1 if changed else 0
