"""Questions, one file each: nothing here changes anything."""
