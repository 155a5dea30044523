"""Answering letters, raising what does not wait, and opening a sealed name."""
