"""The dantinox style sheets, as ``mpl_dantinox.styles.<name>``."""
