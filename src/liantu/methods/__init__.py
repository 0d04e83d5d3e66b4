"""Numerical and textual methods: arrays and lists in, arrays and lists out; no Django, no data frames.

One method per file, with its formula and its reference in the docstring.
"""
