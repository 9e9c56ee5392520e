"""What tabs share: tables of a metric, sentences, formula templates."""
