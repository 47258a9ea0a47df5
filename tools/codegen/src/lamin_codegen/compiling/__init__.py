"""From a `RawSchema` to the `SchemaModel`: inheritance, presets, columns, relations.

Works on schemas with mistakes, too, and leaves out what can't be understood, since all problems are reported together.
Must not know how YAML is read or how files are rendered.
"""
