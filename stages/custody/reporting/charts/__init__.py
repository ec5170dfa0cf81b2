"""Drawings as inline SVG, written by hand: four small forms, no script, colors from the page's own style sheet.

A plotting library would bring a megabyte of font outlines or a script, and could follow neither the reader's colors nor
a content policy without scripts. Each drawing comes with the text that says the same.
"""
