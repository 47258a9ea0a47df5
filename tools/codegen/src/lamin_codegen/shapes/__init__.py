"""The shape of a database: what its tables look like to anybody who reads or writes them.

Two databases of equal shape hold the same rows, refuse the same rows and answer queries by the same indexes. Order of columns,
names of constraints and indexes, white space and quoting are no part of it. This room reads databases and compares what it
read; it knows neither the model nor how tables are made.
"""

from lamin_codegen.shapes.shape import Fetch, Shape, TableShape, differences, without_search
from lamin_codegen.shapes.shape_postgres import shape_of_postgres
from lamin_codegen.shapes.shape_sqlite import shape_of_sqlite

__all__ = ["Fetch", "Shape", "TableShape", "differences", "shape_of_postgres", "shape_of_sqlite", "without_search"]
