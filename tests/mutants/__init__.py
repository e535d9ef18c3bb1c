"""Mutants of the guards of money: each guard is taken away or weakened in a copy of the tree, and
the tests that are named beside it must fail then. ``python -m tests.mutants`` runs them all.

mutmut and cosmic-ray are well kept, and were left aside: both make every mutant that an operator
can make of a whole file and run a whole suite for each, hours for a program of this size, and say
of a survivor only that some operator on some line was not noticed. Here somebody has read the code
and named the guards: the list says which sentence of the promise each of them holds, which test
stands for it, and a patch that no longer applies is red, so that a guard which is moved or dropped
takes its entry with it. What is left is to copy, patch and run, and that is short.
"""
