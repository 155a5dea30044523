"""Changes to scales: publishing what ships, importing wording."""
