"""From anything that holds runs to columns by role. Knows no matplotlib."""
