"""What the WebAssembly standard itself fixes: types, instructions, numbers."""
