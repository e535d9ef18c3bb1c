"""One file a screen: what a person sees and can ask for. Deeds are the services' own."""
