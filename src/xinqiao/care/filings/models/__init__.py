"""Models of filings."""

from xinqiao.care.filings.models.filing import Edition, Filing, Passing

__all__ = ["Edition", "Filing", "Passing"]
