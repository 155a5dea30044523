"""Filings: what a policy pack orders a school to file with its bureau of a case, composed, checked, sent once and
acknowledged; visits back are filed too, and what is missing is seen as a gap."""
