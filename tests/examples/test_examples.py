"""Every output's docstring example runs and gives exactly what it says, on Polars and on DuckDB."""

from datetime import date

import duckdb
import narwhals as nw
import polars as pl
import pytest

from liantu.kernel.edition import schema_of
from liantu.kernel.example import example_of, typed
from liantu.kernel.output import outputs, shape
from liantu.kernel.tables import table_of

AS_OF = date(2026, 10, 31)


def engine_frames(output, tables, engine, folder, connection):
    frames = {}
    for name in output.inputs:
        frame = typed(tables.get(name, []), schema_of(outputs().get(name) or table_of(name)))
        if engine == "duckdb":
            frame.write_parquet(folder / f"{name}.parquet")
            frames[name] = nw.from_native(connection.read_parquet(str(folder / f"{name}.parquet")))
        else:
            frames[name] = nw.from_native(frame.lazy())
    return frames


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
@pytest.mark.parametrize("name", sorted(outputs()))
def test_example(name, engine, tmp_path):
    output = outputs()[name]
    tables, expected = example_of(output)
    connection = duckdb.connect()
    rules = {argument: rule.value for argument, rule in output.rules().items()}
    if output.dated:
        rules["as_of"] = AS_OF
    native = nw.to_native(output.function(**engine_frames(output, tables, engine, tmp_path, connection), **rules))
    frame = native.collect() if isinstance(native, pl.LazyFrame) else pl.DataFrame(native.fetchall(), schema=native.columns, orient="row", infer_schema_length=None)
    rows = shape(output, frame).rows(named=True)
    wanted = sorted(expected, key=lambda r: [r.get(k, "") for k in output.key])
    found = sorted(rows, key=lambda r: [str(r[k]) for k in output.key])
    assert len(found) == len(wanted)
    for row, want in zip(found, wanted, strict=True):
        for column, text in want.items():
            value = row[column]
            if text == "":
                assert value is None, (column, row)
            elif isinstance(value, bool):
                assert text == str(value).lower(), (column, row)
            elif isinstance(value, (int, float)):
                assert float(text) == pytest.approx(value, abs=0.005), (column, row)
            else:
                assert text == str(value), (column, row)
