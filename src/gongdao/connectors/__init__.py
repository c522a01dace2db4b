"""Where data comes in: file imports and platform interfaces, one file each."""
