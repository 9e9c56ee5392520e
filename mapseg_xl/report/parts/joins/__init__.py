"""Parts of Match report: rows and money of every table, who may be whom, where systems disagree."""
