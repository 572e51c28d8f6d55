"""Steps that reject records: one module a step."""
