"""Graphs and how they are drawn: as text, as Mermaid and as SVG.

This room knows boxes, arrows and how each kind of them looks. It knows no record, no query and no database: lineage and
hierarchies say what their graphs consist of.
"""
