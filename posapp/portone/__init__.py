"""PortOne V1 over the wire: the one room that speaks HTTP.

``client.PortOneGateway`` is the whole of it for everybody else; ``settings.GatewaySettings`` says
where and as whom. This file imports nothing, so that settings can be read without ``requests``.
"""
