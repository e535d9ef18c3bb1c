"""Crash tests: a program that is killed, or whose disk fails, at each of its write calls in turn.

A flow (pay, refund, …) runs in its own process under strace, which kills it or fails a system call
at the nth write to the shop's folder. The program is then started again on the same files, runs
until it is idle, and is checked against PortOne's books. ``make crashtest`` walks every write of
every flow; ``make test`` a fixed sample.
"""
