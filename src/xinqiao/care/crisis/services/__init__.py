"""Changes to cases."""
