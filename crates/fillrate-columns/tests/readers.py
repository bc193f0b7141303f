"""Results as columns, as others read them: `python readers.py FILLRATE`, with duckdb, polars and pyarrow.

FILLRATE is the command. A batch of samples is written in every format, read by DuckDB, Polars and PyArrow, and compared
with the JSON that the same command prints.
"""

import json
import subprocess
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

import duckdb
import polars
import pyarrow
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet

FORMATS = ["parquet", "arrow", "csv", "ndjson"]
SAMPLES = {
    "a": [],
    "b": ["--defect", "placeholder"],
    "c": ["--defect", "lost-record"],
    "d": ["--header", "flat", "--records", "2000"],
}


def run(command, *args, folder, status):
    done = subprocess.run([command, *args], cwd=folder, capture_output=True, text=True)
    assert done.returncode == status, (args, done)
    return done.stdout


def by_duckdb(path, columns):
    """All rows, every value as text, so that formats without types can be compared."""
    if path.suffix == ".arrow":
        source = pyarrow.ipc.open_file(path).read_all()
        connection = duckdb.connect()
        connection.register("results", source)
        table = "results"
    else:
        connection = duckdb.connect()
        # Sampled columns that begin with thousands of nulls would be guessed wrong.
        reader = {".csv": f"read_csv('{path}', all_varchar = true, allow_quoted_nulls = false)",
                  ".ndjson": f"read_json('{path}', sample_size = -1)",
                  ".parquet": f"read_parquet('{path}')"}
        table = reader[path.suffix]
    described = connection.sql(f"SELECT * FROM {table}").columns
    assert described == columns, described
    return connection.sql(f"SELECT * FROM {table}").fetchall(), connection


def by_pyarrow(path):
    if path.suffix == ".parquet":
        return pyarrow.parquet.read_table(path)
    if path.suffix == ".arrow":
        return pyarrow.ipc.open_file(path).read_all()
    if path.suffix == ".ndjson":
        return pyarrow.json.read_json(path, pyarrow.json.ReadOptions(block_size=1 << 28))
    options = pyarrow.csv.ConvertOptions(strings_can_be_null=True, quoted_strings_can_be_null=False)
    return pyarrow.csv.read_csv(path, convert_options=options)


def by_polars(path):
    # Columns that begin with many nulls would be guessed wrong, as by DuckDB.
    read = {".parquet": polars.read_parquet,
            ".arrow": polars.read_ipc,
            ".csv": lambda path: polars.read_csv(path, infer_schema_length=None),
            ".ndjson": lambda path: polars.read_ndjson(path, infer_schema_length=None)}
    return read[path.suffix](path)


def plain(value):
    """One spelling for a value, whatever type a reader made of it."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(value).lower()
    try:
        return Decimal(str(value)).normalize() + 0
    except ArithmeticError:
        return str(value)


def main():
    command = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for seed, (name, args) in enumerate(SAMPLES.items()):
            run(command, "sample", f"runs/{name}", "--seed", str(seed), *args, folder=folder, status=0)
        (folder / "runs/alone.csv").write_text("email,=x,=x,score\na@example.com,,1,7.5\nb@example.com,,,-3\n")
        (folder / "runs/page.csv").write_text("<!DOCTYPE html><html></html>\n")
        printed = None
        tables = {}
        for name in FORMATS:
            path = folder / f"results.{name}"
            text = run(command, "batch", "runs", "--format", "json", "--output", path, folder=folder, status=2)
            assert printed in (None, text)
            printed = text
            table = by_pyarrow(path)
            columns = table.column_names
            theirs = [tuple(row.values()) for row in table.to_pylist()]
            ours, connection = by_duckdb(path, columns)
            frame = by_polars(path)
            assert frame.columns == columns, frame.columns
            spelt = [[tuple(map(plain, row)) for row in rows] for rows in (theirs, ours, frame.rows())]
            assert spelt[0] == spelt[1] == spelt[2], name
            tables[name] = spelt[0]
            if name in ("parquet", "arrow"):
                check_types(table.schema)
            if name == "parquet":
                check_figures(connection, f"read_parquet('{path}')", json.loads(printed))
        unmarked = [tuple(v[1:] if isinstance(v, str) and v[:2] in ("'=", "'-") else v for v in row)
                    for row in tables["csv"]]
        assert unmarked == tables["parquet"]
        assert tables["arrow"] == tables["parquet"] == tables["ndjson"]
        print(f"{len(tables['parquet'])} rows of {len(columns)} columns are the same in {', '.join(FORMATS)}")


def check_types(schema):
    types = {field.name: str(field.type) for field in schema}
    assert types["path"] == "string" and types["fails"] == "bool" and types["filled"] == "int64", types
    assert types["percent"] == "decimal128(5, 2)" and types["mean"] == "decimal128(22, 6)", types
    assert types["reported_number"] == "double", types


def check_figures(connection, table, printed):
    """What is in the file adds up to what was printed."""
    query = f"""SELECT path, verdict, records, (SELECT count(*) FROM {table} c WHERE c.path = f.path AND kind = 'check'),
        (SELECT count(*) FROM {table} c WHERE c.path = f.path AND kind = 'check' AND fails), error
        FROM {table} f WHERE kind = 'file'"""
    files = {row[0]: row[1:] for row in connection.sql(query).fetchall()}
    assert len(files) == printed["summary"]["inputs"]
    for one in printed["files"]:
        verdict, records, checks, failing, error = files[one["path"]]
        assert (verdict, records) == (one["verdict"], one["rows"]), one["path"]
        assert error == (one["error"] or {}).get("kind")
        if one["stats_file"] and not error:
            assert (checks, failing) == (one["checks"], one["failing"]), one["path"]
    wrong = f"""SELECT count(*) FROM {table} WHERE kind = 'field'
        AND percent <> round(CAST(filled AS DECIMAL(18,0)) * 100 / records, 2)"""
    assert connection.sql(wrong).fetchall() == [(0,)]


if __name__ == "__main__":
    main()
