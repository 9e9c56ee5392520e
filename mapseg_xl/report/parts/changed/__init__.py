"""What stands on What changed, part by part."""
