"""Reads the trials of a result file of `asyncbench run --json`."""


def metric_by_block(result, metric):
    """{strategy: {block: value}} of the trials whose work was right and came to its end."""
    values = {}
    for trial in result["trials"]:
        value = trial["metrics"].get(metric)
        if trial["standing"] not in ("wrong", "lost") and value is not None:
            values.setdefault(trial["strategy"], {})[trial["repetition"]] = value
    return values
