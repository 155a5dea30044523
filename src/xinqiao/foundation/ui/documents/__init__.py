"""Reports as PDF: blocks of words and numbers in, bytes out. Typeset by typst with a font that ships with the product.

Every word comes from the caller, translated; nothing is read from the network or from the machine's own fonts.
"""

from xinqiao.foundation.ui.documents.blocks import Bars, Block, Bullets, Grid, Paragraph, Report, Section
from xinqiao.foundation.ui.documents.letter_sheets import LetterFrame, LetterSheet
from xinqiao.foundation.ui.documents.typesetting import letters_pdf, pdf_of

__all__ = [
    "Bars", "Block", "Bullets", "Grid", "LetterFrame", "LetterSheet", "Paragraph", "Report", "Section", "letters_pdf",
    "pdf_of",
]  # fmt: skip
