"""The stepping interpreter: exact, recordable, and in agreement with wasmtime."""
