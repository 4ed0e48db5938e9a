"""Benchmarks: `python -m bench` lists them, `python -m bench NAME --data PATH` runs one."""
