"""What people look at: a decision with its reasons and figures, as a page, as Markdown and as JSON.

`reading` takes receipts, reports, the statement and git's history; `facts` holds what they say; `sections` arrange it;
`page` and `markdown` write it down. No data is opened, and no key is needed: with one, MACs are checked.
"""
