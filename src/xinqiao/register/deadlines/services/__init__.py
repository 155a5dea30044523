"""Starting, meeting, cancelling, hastening and re-dating clocks."""
