"""The floor everything stands on: ids, time, keys, access, audit, the look of the pages, messages out."""
