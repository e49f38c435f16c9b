"""What the package costs, in ratios to named rivals: ``python -m benchmarks`` prints the table."""
