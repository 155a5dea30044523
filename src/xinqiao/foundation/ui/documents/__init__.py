"""Reports as PDF: blocks of words and numbers in, bytes out. Typeset by typst with a font that ships with the product.

Every word comes from the caller, translated; nothing is read from the network or from the machine's own fonts.
"""

from xinqiao.foundation.ui.documents.blocks import Bars, Block, Bullets, Grid, Paragraph, Report, Section
from xinqiao.foundation.ui.documents.letter_sheets import LetterFrame, LetterSheet
from xinqiao.foundation.ui.documents.two_copies import TwoCopies
from xinqiao.foundation.ui.documents.typesetting import letters_pdf, pdf_of, two_copies_pdf

__all__ = [
    "Bars", "Block", "Bullets", "Grid", "LetterFrame", "LetterSheet", "Paragraph", "Report", "Section", "TwoCopies",
    "letters_pdf", "pdf_of", "two_copies_pdf",
]  # fmt: skip
