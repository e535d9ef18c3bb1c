"""SQL of triggers that several tables have in the same form."""

from __future__ import annotations

from posapp.domain.ledger import GENESIS


def refuse(name: str, event: str, message: str, condition: str = "") -> str:
    """Return a trigger that refuses an event with a message, always or on a condition."""
    when = f"\nWHEN {condition}" if condition else ""
    return f"CREATE TRIGGER {name} {event}{when}\nBEGIN SELECT RAISE(ABORT, '{message}'); END"


def numbered(table: str, number: str, name: str, one: str) -> tuple[str, ...]:
    """Return the triggers of a table whose rows follow each other by number and hash."""
    last = f"coalesce((SELECT hash FROM {table} ORDER BY {number} DESC LIMIT 1), '{GENESIS}')"  # noqa: S608
    gap = f"NEW.{number} <> (SELECT count(*) + 1 FROM {table})\n  OR NEW.previous <> {last}"  # noqa: S608
    return (
        refuse(f"{table}_grow", f"BEFORE INSERT ON {table}", f"{name} have no gap", gap),
        refuse(f"{table}_fixed", f"BEFORE UPDATE ON {table}", f"{one} never changes"),
        refuse(f"{table}_kept", f"BEFORE DELETE ON {table}", f"{name} are kept"),
    )


def reopen(name: str, event: str, order_id: str) -> str:
    """Return a trigger by which an order's state and amounts follow from its items."""
    return f"""CREATE TRIGGER {name} {event}
BEGIN
  UPDATE orders SET (is_open, segment, has_cancelled, amount, ordered) = (
    SELECT
      unpaid > 0 AND paid = 0 AND claims = 0,
      CASE WHEN unpaid + paid = 0 THEN 'CANCELLED'
        WHEN paid = 0 AND claims > 0 THEN 'CLAIMED'
        WHEN paid = 0 THEN 'OPEN'
        WHEN ready = paid THEN 'PAID'
        ELSE 'DELIVERY' END,
      cancelled > 0,
      CASE WHEN unpaid + paid = 0 THEN ordered ELSE living END,
      ordered
    FROM (SELECT
        count(*) FILTER (WHERE status = 'WAITING_FOR_PAYMENT') AS unpaid,
        count(*) FILTER (WHERE status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL')) AS paid,
        count(*) FILTER (WHERE status = 'COMPLETE_PAYMENT') AS ready,
        count(*) FILTER (WHERE status = 'CANCEL') AS cancelled,
        coalesce(sum(price * count - discount), 0) AS ordered,
        coalesce(sum(price * count - discount) FILTER (WHERE status <> 'CANCEL'), 0) AS living,
        (SELECT count(*) FROM payment_claims
          WHERE order_id = {order_id} AND state = 'WAITING') AS claims
      FROM order_items WHERE order_id = {order_id}))
  WHERE id = {order_id};
END"""  # noqa: S608 - built from constants of this file


def chain(table: str, name: str, head: str) -> tuple[str, ...]:
    """Return the triggers of a chain: it grows at its end only, and its head follows."""
    return (
        refuse(
            f"{table}_grows",
            f"BEFORE INSERT ON {table}",
            f"{name} grows at its end only",
            f"NOT EXISTS (SELECT 1 FROM {table}_head"  # noqa: S608 - constants of this file
            " WHERE seq = NEW.seq - 1 AND hash = NEW.previous)",
        ),
        f"""CREATE TRIGGER {table}_grown AFTER INSERT ON {table}
BEGIN UPDATE {table}_head SET seq = NEW.seq, hash = NEW.hash; END""",  # noqa: S608
        refuse(f"{table}_fixed", f"BEFORE UPDATE ON {table}", f"{name} never changes"),
        refuse(f"{table}_kept", f"BEFORE DELETE ON {table}", f"{name} is kept"),
        refuse(
            f"{table}_head_follows",
            f"BEFORE UPDATE ON {table}_head",
            f"{head} follows {name}",
            "NEW.seq <> OLD.seq + 1\n"  # noqa: S608
            f"  OR NOT EXISTS (SELECT 1 FROM {table} WHERE seq = NEW.seq AND hash = NEW.hash)",
        ),
        refuse(f"{table}_head_kept", f"BEFORE DELETE ON {table}_head", f"{head} is kept"),
    )


def person(column: str) -> str:
    """Return SQL for the person of an actor's text: ``staff:3`` of ``staff:3:seller:12``."""
    letters = "':abcdefghijklmnopqrstuvwxyz'"
    return (
        f"CASE WHEN {column} LIKE 'staff:%:%'"
        f" THEN rtrim(rtrim({column}, '0123456789'), {letters}) ELSE {column} END"
    )
