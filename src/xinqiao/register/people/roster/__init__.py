"""From a roster file to the register: whose pupils its rows are, what would change, and writing it chunk by chunk.

`engines.roster` understands the file and `people.roster_file` opens it; here its rows meet the pupils already known.
"""
