"""Rounds: in each window of the policy every class is gone through pupil by pupil, and the list is signed, also where
there is nothing to report."""
