"""All capabilities: the one table that imports, completion, grants and documents come from."""

from __future__ import annotations

from watstep.host.capabilities.debug_output import DBG
from watstep.host.capabilities.http import HTTP
from watstep.host.capabilities.kv import KV
from watstep.host.capabilities.system import SYS
from watstep.host.function import Capability, HostFunction
from watstep.wasm.types import HostInterface

CAPABILITIES: dict[str, Capability] = {item.name: item for item in (SYS, DBG, HTTP, KV)}

FUNCTIONS: dict[str, HostFunction] = {
    f"{capability.name}.{function.name}": function
    for capability in CAPABILITIES.values()
    for function in capability.functions
}

INTERFACE: HostInterface = {
    f"{capability.name}.{function.name}": function.signature(capability.name)
    for capability in CAPABILITIES.values()
    for function in capability.functions
}
"""What this host offers, as the phases of the compiler see it."""
