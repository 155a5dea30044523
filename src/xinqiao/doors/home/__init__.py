"""The front page of each role: what is to be done today, and the page an anonymous visitor sees first."""
