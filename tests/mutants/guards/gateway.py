"""Guards of the gateway's port: keys of sends, states of cancellations, cursors, checkouts."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "key_without_its_send",
        "posapp/services/ports/gateway.py",
        (
            "            self.send_number,\n"
            "            self.refund_holder,\n"
            "        )\n"
            '        digest = sha256(json.dumps(content).encode("ascii")).hexdigest()\n'
            '        readable = re.sub(r"[^0-9A-Za-z-]", "", self.tag)[:KEY_TAG_LIMIT]\n'
            '        return f"{readable}.{self.send_number}.{digest[:32]}"\n'
        ),
        (
            "            self.refund_holder,\n"
            "        )\n"
            '        digest = sha256(json.dumps(content).encode("ascii")).hexdigest()\n'
            '        readable = re.sub(r"[^0-9A-Za-z-]", "", self.tag)[:KEY_TAG_LIMIT]\n'
            '        return f"{readable}.{digest[:32]}"\n'
        ),
        ("tests/unit/test_refund_command.py::test_another_content_has_another_key",),
    ),
    Mutant(
        "key_without_its_amount",
        "posapp/services/ports/gateway.py",
        "            int(self.amount),\n",
        "",
        ("tests/unit/test_refund_command.py::test_another_content_has_another_key",),
    ),
    Mutant(
        "every_send_is_the_first",
        "posapp/services/refunds/refund_protocol.py",
        "                    send_number=sending.send_count,\n",
        "                    send_number=1,\n",
        (
            "tests/integration/test_refund_protocol.py::test_each_send_has_a_number_and_a_key_of_its_own",
        ),
    ),
)
