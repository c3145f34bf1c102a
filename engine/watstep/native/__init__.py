"""The wasmtime executor; the only importer of wasmtime."""
