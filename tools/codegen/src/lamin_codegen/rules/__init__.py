"""Rules about what a schema means, one function each: names, classes, slots, defaults, links, relations, changes.

A rule looks at all files of the module and yields every place where it is broken. It never fixes anything and never stops at
the first. Rules about the form of the files stand in `lamin_codegen.reading`, since what they refuse does not get here.
"""

from lamin_codegen.rules import changes, classes, defaults, keys, links, names, relations, slots
from lamin_codegen.rules.rule import RULES, Facts, problems

__all__ = ["RULES", "Facts", "changes", "classes", "defaults", "keys", "links", "names", "problems", "relations", "slots"]
