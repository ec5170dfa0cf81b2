"""The frontier as a picture (matplotlib): k, shares of people and rows, and macro-F1, one above the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from custody.errors import CustodyError

if TYPE_CHECKING:
    from pathlib import Path

    from custody.frontier.measuring import Frontier

FORMATS = frozenset({".png", ".svg"})
_BLUE, _ORANGE, _GRAY = "#0072b2", "#d55e00", "#666666"  # told apart by color-blind readers too (Okabe and Ito)


def available(path: Path) -> None:
    """Raise `CustodyError` where the picture could not be drawn, before anything is opened for it."""
    if path.suffix not in FORMATS:
        raise CustodyError("--plot: must end in .png or .svg")
    _figure()


def draw(told: Frontier, path: Path) -> None:
    """Write the picture whole or not at all."""
    figure = _figure()(figsize=(8, 8), layout="constrained")
    people, shares, scores = figure.subplots(3, 1, sharex=True)
    at = [point.step for point in told.points]
    _people(people, told, at)
    _shares(shares, told, at)
    _scores(scores, told, at)
    scores.set_xlabel("step up the ladders of the quasi-identifiers (0: the policy as it stands)")
    scores.set_xticks(at)
    for part in (people, shares, scores):
        part.grid(visible=True, color="#dddddd", linewidth=0.6)
        part.spines[["top", "right"]].set_visible(False)
    fresh = path.with_name(f".{path.name}.new")
    try:
        figure.savefig(
            fresh, format=path.suffix[1:], dpi=120, metadata={"Date": None} if path.suffix == ".svg" else None
        )
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _people(axes: Any, told: Frontier, at: list[int]) -> None:
    axes.set_title("What each step of generalization buys, and what it costs", loc="left")
    axes.plot(at, [point.k for point in told.points], color=_BLUE, marker="o")
    axes.axhline(told.k, color=_GRAY, linestyle="--", linewidth=1)
    axes.annotate(f"asked for: {told.k}", (at[-1], told.k), ha="right", va="bottom", color=_GRAY, fontsize=9)
    axes.set_yscale("symlog", linthresh=1)
    axes.set_ylim(0, 3 * max(told.k, *(point.k for point in told.points)))
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    axes.set_ylabel("people in the\nsmallest group")


def _shares(axes: Any, told: Frontier, at: list[int]) -> None:
    axes.plot(at, [100 * point.unicity for point in told.points], color=_ORANGE, marker="o", label="people singled out")
    rows = [100 * point.suppressed / point.rows for point in told.points]
    axes.plot(at, rows, color=_BLUE, marker="s", label="rows suppressed")
    top = max(10.0, 115 * max(point.unicity for point in told.points), 1.15 * max(rows))
    axes.set_ylim(-top / 30, top)
    axes.set_ylabel("percent")
    axes.legend(frameon=False, fontsize=9)


def _scores(axes: Any, told: Frontier, at: list[int]) -> None:
    scores = [float("nan") if point.macro_f1 is None else point.macro_f1 for point in told.points]
    axes.plot(at, scores, color=_BLUE, marker="o")
    if told.raw_macro_f1 is not None:
        axes.axhline(told.raw_macro_f1, color=_GRAY, linestyle="--", linewidth=1)
        axes.annotate(
            f"raw features: {told.raw_macro_f1:.3f}",
            (at[-1], told.raw_macro_f1),
            xytext=(0, -12),
            textcoords="offset points",
            ha="right",
            va="top",
            color=_GRAY,
            fontsize=9,
        )
    axes.set_ylim(0, 1.05)
    axes.set_ylabel("detector's\nmacro-F1")


def _figure() -> Any:
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415  # an extra: custody[frontier]
    except ImportError:
        raise CustodyError("matplotlib is not installed here; install it: pip install 'custody[frontier]'") from None
    return Figure
