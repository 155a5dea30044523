"""Incidents: what is done in the first hours, who is looked after, what is reported, what is learned."""
