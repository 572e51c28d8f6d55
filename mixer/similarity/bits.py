"""Two instructions that every processor has and NumPy lacks inside kernels."""

from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import intrinsic


def _popcount(typing_context: Any, bits: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), code


def _lowest_bit(typing_context: Any, bits: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], context.get_constant(types.boolean, True))

    return types.uint64(types.uint64), code


# How many bits of a uint64 are set; the place of the lowest of them, of which there must be one.
popcount: Any = intrinsic(_popcount)
lowest_bit: Any = intrinsic(_lowest_bit)
