"""Making, proving and restoring backups: the database in one encrypted file, the keys in another."""
