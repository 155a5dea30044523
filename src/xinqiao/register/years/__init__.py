"""The turn of a school year: a plan that is kept, shown as a whole, accepted once and written class by class."""
