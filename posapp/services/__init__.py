"""What a person can do, one file a deed; each deed takes its ports as arguments."""
