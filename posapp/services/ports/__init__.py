"""Ports: the interfaces that services require.

Implementations carry their technology in the name and live in ``store``, ``portone`` and
``system``; only ``posapp.app`` connects them. Fakes for tests start with Fake.
"""
