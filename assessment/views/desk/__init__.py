"""The criteria desk: where frameworks are drafted, edited, checked and published."""
