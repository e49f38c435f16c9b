"""Intervals: arrays in, numbers out. Knows neither tables nor matplotlib."""
