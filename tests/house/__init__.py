"""What every reader may rely on in this repository: sizes, directions, marks, words.

Each rule is a function from a tree of source files to a list of problems, so that it can be tried on a tree with a planted
violation as well as on ours. The rules know nothing of what the packages do.
"""
