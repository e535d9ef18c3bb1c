"""The ports: what the deeds need of the world, said plainly.

Implementations carry their technology in the name and live in ``store``, ``portone`` and
``system``; only ``posapp.app`` puts them together. Fakes for tests start with Fake.
"""
