"""A hint to the processor, for compiled loops that walk through memory at places known some steps ahead."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic


def _prefetch(context: Any, array: Any, at: Any) -> Any:
    """Ask for the cache line of element ``at`` (counted over the whole array, C order) of an array; nothing else happens. LLVM's ``llvm.prefetch``, reading, all levels."""
    def code(target: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        data = target.make_array(signature.args[0])(target, builder, arguments[0]).data
        place = builder.gep(data, [target.cast(builder, arguments[1], signature.args[1], types.intp)])
        byte = ir.IntType(8).as_pointer()
        number = ir.IntType(32)
        hint = cgutils.get_or_insert_function(builder.module, ir.FunctionType(ir.VoidType(), [byte, number, number, number]), "llvm.prefetch.p0i8")
        builder.call(hint, [builder.bitcast(place, byte), number(0), number(3), number(1)])
        return target.get_dummy_value()

    return types.void(array, at), code


prefetch: Any = intrinsic(_prefetch)
