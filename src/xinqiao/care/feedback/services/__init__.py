"""Changes of feedback and meetings."""
