"""What happens to a child: scales, answer sheets, screening, alerts."""
