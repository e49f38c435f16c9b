"""The bundled table of runs, and the page that says where it came from."""
