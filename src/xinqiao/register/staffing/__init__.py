"""The staff of a school come by spreadsheet: compared, accepted as a whole, written one by one, invited."""
