"""A page of metrics, as a monitoring system reads it."""

from prometheus_client.parser import text_string_to_metric_families

Series = dict[tuple[str, frozenset[tuple[str, str]]], float]


def series_of(page: str) -> Series:
    """Every value of the page by its name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


def value(series: Series, name: str, **labels: str) -> float:
    """The value of that name under exactly these labels; 0 when nothing was counted there."""
    return series.get((name, frozenset(labels.items())), 0.0)


def total(series: Series, name: str, **labels: str) -> float:
    """The sum of the values of that name whose labels hold these."""
    return sum(found for (one, its), found in series.items() if one == name and labels.items() <= set(its))
