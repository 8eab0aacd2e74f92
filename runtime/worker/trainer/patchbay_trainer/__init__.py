"""Runs one fine-tuning job: job.json in, JSON lines out. The messages are those of protocol.ts."""
