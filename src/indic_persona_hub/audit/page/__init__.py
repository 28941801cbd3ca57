"""What the report of an audit is made of: plain SVG plots, tables and the words between them.

Each plot is a function from values to markup and knows nothing of an audit; each section reads the
audit and calls plots.
"""
