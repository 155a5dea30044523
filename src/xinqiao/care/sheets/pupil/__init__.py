"""The pages a pupil sees: the door, the paper, the receipt. Plain HTML, CSS and ES modules, rendered without Django."""
