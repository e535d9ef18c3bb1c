"""Where the sandbox differs from PortOne's V1 schema on purpose, each with its reason.

``test_sandbox_generated.py`` finds differences in thousands of generated exchanges: each has to be
listed here, and each that is listed here occurs once.
"""

from __future__ import annotations

SEEN = "the schema documents 200 only, a bad token was seen to be answered 401"
REFUSED_WITH = (
    "the dial's refuse_http: a refusal may come with any status around PortOne's envelope, and a "
    "client has to stand it"
)

STATUSES: dict[str, str] = {
    "GET /users/pg 401": SEEN,
    "GET /payments/status/{payment_status} 404": (
        "the dial's empty_list: 404: the schema leaves open how an empty window is answered"
    ),
    "POST /receipts/external/{merchant_uid} 403": REFUSED_WITH,
    "POST /receipts/external/{merchant_uid} 404": REFUSED_WITH,
    "DELETE /receipts/external/{merchant_uid} 403": REFUSED_WITH,
    "POST /payments/cancel 400": REFUSED_WITH,
    "POST /payments/cancel 403": REFUSED_WITH,
    "POST /payments/cancel 404": REFUSED_WITH,
    "POST /payments/cancel 409": REFUSED_WITH,
    "POST /payments/cancel 422": REFUSED_WITH,
}
"""Call and status that the schema does not document for it."""

BODIES: dict[str, str] = {
    "response.cancel_history.reason: type": (
        "the dial's reasons: null; whether KakaoPay keeps a reason is not settled (docs/portone.md)"
    ),
    "response.list.cancel_history.reason: type": "the same in a list",
    "response.list.merchant_uid: type": (
        "the dial's nameless, and payments of other systems that have no number: seen"
    ),
    "response.list.amount: type": "the dial's garbled: an amount that nobody can read",
    "response.amount: type": "the same alone",
}
"""Place in a body and rule of the schema that it breaks."""

NOT_SERVED: dict[str, str] = {
    "/benepia": "welfare points, no KakaoPay",
    "/certifications": "identity checks, no payments",
    "/subscribe": "billing keys and schedules: a till takes one payment at a time",
    "/cvs": "convenience store payments",
    "/escrows": "parcels",
    "/kcpquick": "another payment company's wallet",
    "/payments/{imp_uid}/naver": "Naver Pay",
    "/naver": "Naver Pay",
    "/partners": "resellers",
    "/payco": "PAYCO",
    "/paymentwall": "another payment company",
    "/receipts/{imp_uid}": "cash receipts of bank transfers; KakaoPay issues its own",
    "/cards": "lists of card companies",
    "/banks": "lists of banks",
    "/tiers": "resellers",
    "/vbanks": "virtual accounts",
}
"""Paths of the schema that the sandbox has not: 404 in an envelope."""
