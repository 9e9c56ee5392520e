"""From columns to an answer: tallies kept between cells, figures, tables, errors."""
