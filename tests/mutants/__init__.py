"""Mutants of the guards of money: each guard is taken away or weakened in a copy of the tree, and
the tests that are named beside it must fail then. ``python -m tests.mutants`` runs them all.

mutmut and cosmic-ray are well maintained and not used: both make every mutant that an operator can
make of a whole file and run a whole suite for each, hours for a program of this size, and report of
a survivor only an operator and a line. Here the guards are chosen by reading the code: the list
says which rule each guard holds and which test covers it. A patch that no longer applies fails, so
that a guard which is moved or dropped takes its entry with it. The rest is to copy, patch and run.
"""
