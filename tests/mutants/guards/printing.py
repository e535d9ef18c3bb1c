"""Guards of papers: one original of each, no command in a text, no paper for a device that is no
receipt printer, no state that nobody said."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

_ROLL = "posapp/ui/printing/roll_printing.py"
_TESTS = "tests/ui/printing/test_roll_printing.py"
_SYSTEM = "tests/system/test_receipt_printer.py"

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "second_original_while_it_prints",
        _ROLL,
        "        if name in self._names:\n            return False\n",
        "",
        (f"{_TESTS}::test_fault_74_a_second_press_while_it_prints_makes_no_second_original",),
    ),
    Mutant(
        "second_original_after_a_halt",
        _ROLL,
        "(self.problem is not None and self.problem.may_be_out)",
        "False",
        (f"{_TESTS}::test_fault_74_what_may_be_out_makes_the_next_one_a_copy",),
    ),
    Mutant(
        "copy_without_its_mark",
        "posapp/ui/printing/roll_layout.py",
        "    parts += _marked(mark, columns)\n",
        "",
        ("tests/ui/printing/test_roll_layout.py::test_a_copy_is_marked_on_top_and_at_its_end",),
    ),
    Mutant(
        "command_in_a_text",
        "posapp/system/receipt_printer/encoder.py",
        "        return glyph.isprintable()\n",
        "        return True\n",
        (f"{_SYSTEM}::test_letters_that_a_printer_lacks_are_drawn",),
    ),
    Mutant(
        "answer_of_any_device",
        "posapp/system/receipt_printer/answers.py",
        "answer & _FIXED != _FIXED_BITS",
        "answer & 0 != 0",
        (f"{_SYSTEM}::test_an_answer_counts_only_with_its_fixed_bits",),
    ),
    Mutant(
        "silence_after_a_paper_is_success",
        "posapp/system/receipt_printer/direct_printer.py",
        "        if after is PrinterState.UNKNOWN:\n",
        "        if False:\n",
        (f"{_SYSTEM}::test_each_fault_is_a_print_that_failed_for_a_reason",),
    ),
    Mutant(
        "silent_printer_is_ready",
        "posapp/system/receipt_printer/answers.py",
        "        return PrinterState.UNKNOWN\n",
        "        return PrinterState.READY\n",
        (
            f"{_SYSTEM}::test_answers_are_a_state",
            f"{_SYSTEM}::test_a_printer_without_answers_is_never_called_ready",
        ),
    ),
)
