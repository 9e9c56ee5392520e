"""Values that several systems write in several ways, made one: by a mapping, by known names, by spelling."""
