"""Recognition: the ledger of help, digests, thanks."""
