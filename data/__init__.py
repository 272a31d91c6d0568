"""The data layer: schema, seed, snapshots and queries by subject. Everything above it reads figures through here."""
