"""`flask seed`: an invented world at three scales, in the published proportions, and what checks it."""
