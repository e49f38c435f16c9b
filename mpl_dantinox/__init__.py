"""A matplotlib plugin for figures about efficient language models.

Importing the package registers its style sheets, legend handlers, colours and the ``dantinox``
projection with matplotlib. It imports neither pyplot nor pandas.
"""

from mpl_dantinox import registry

registry.register()
