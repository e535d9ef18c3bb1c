"""The voice of a kiosk: says what is on screen, for buyers who do not see it."""
