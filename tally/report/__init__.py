"""Forms and tickets on paper, typeset from the meeting or the record.

The only room that touches typst and fonts. Nothing here decides anything: every number and
every word of a decision comes in with the data, every label from ``voting.words``. Nothing is
written to a file, because the sheets of tickets are secrets; a caller gets the PDF as bytes.
"""
