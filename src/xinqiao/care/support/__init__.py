"""The register of pupils who need more of the school's attention, by category; who is on it is the school's psychology
teachers' to know."""
