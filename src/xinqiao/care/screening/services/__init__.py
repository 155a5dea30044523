"""Changes of campaigns, of pupils in them, and of requests to take results out."""
