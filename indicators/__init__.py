"""Indicators of the labour market: pure functions, numbers in and numbers out.

Every module keeps the same conventions. A cell is a municipality, an occupation or an industry. A cross-section is
a ``Series`` by cell, a panel a ``DataFrame`` of periods by cells; pandas inputs align on labels, arrays keep their
order and count as labelled 0, 1, 2, ... Shares and rates are fractions, 0 to 1. A hidden or missing value is NaN and
stays NaN: element by element it gives NaN, in a panel its row gives NaN, and where one cross-section needs all its
cells a ``ValueError`` says how many are hidden. Negative counts, infinite values, unmatched or repeated labels,
empty input and zero totals raise ``ValueError``. Inputs are never changed.
"""
