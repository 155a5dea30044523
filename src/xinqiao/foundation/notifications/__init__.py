"""Messages that leave the house: an outbox with retries for mail and webhooks, neutral in words."""
