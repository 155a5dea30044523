"""What pupils, committee members and guardians say of their own accord, and who of a class is its committee member."""
