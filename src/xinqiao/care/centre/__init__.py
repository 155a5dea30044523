"""Where and when a school's counselling is open, who sits there, who booked which hour, and who came to the door."""
