"""Who may be the same: names, addresses and domains in a form in which two systems agree, and how alike two are."""
