"""PortOne V1 over the wire: the only package that speaks HTTP to it.

``client.PortOneGateway`` is its interface for all other packages; ``settings.GatewaySettings``
holds the addresses and the shop's identity. This file imports nothing, so that settings can be read
without ``requests``.
"""
