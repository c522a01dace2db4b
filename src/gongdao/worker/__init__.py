"""What nobody asks for: due deadlines, the outbox, nightly jobs."""
