"""The themes that ship with watstep, one TOML file each."""
