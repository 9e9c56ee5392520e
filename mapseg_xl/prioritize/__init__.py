"""Which segments to choose: the market, must-haves, scores, and how firm their order is."""
