"""The text of every generated file.

Renderers are pure functions of the checked model. They know neither YAML nor files nor databases: who reads, writes or
executes is above them.
"""
