"""What is said of item parameters: what speaks against believing them, what they would save, how each was computed.

Nothing here loads more than numpy, so pages may use it.
"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from xinqiao.care.scales.parameter_file import ParameterFile
from xinqiao.engines.adaptive import Crowd, Rule, Savings, answers_of, decision_of, design_of, savings_of
from xinqiao.engines.scoring import Scale

# SOURCE: OECD, PISA 2015 Technical Report, chapter 9: items beyond 0.12 were looked at again.
MISFIT_FROM = 0.12
# SOURCE: Christensen, Makransky & Horton 2017, Appl Psychol Meas 41:178-194: 0.2 above the mean of all pairs.
TWINS_FROM = 0.2
# SOURCE: Reeve et al. 2007, Med Care 45:S22-31: one trait where the first eigenvalue is above four times the second.
ONE_TRAIT_FROM = 4.0
SIMULATED, SEED = 1_000, 20_261_126


def expected_savings(scale: Scale, file: ParameterFile, rule: Rule) -> Savings:
    """What simulated pupils with these parameters show; they are the same for every rule. Raises CannotAdapt where
    scale and parameters do not fit."""
    parameters = file.parameters()
    design = design_of(scale, parameters, rule, decision_of(scale, file.subscale))
    return savings_of(design, answers_of(scale, parameters, Crowd(SIMULATED, SEED)))


def doubts_of(file: ParameterFile) -> Iterator[tuple[str, str]]:
    """What speaks against believing the parameters: a code and what it is about; nothing where nothing is known."""
    if file.fit is None:
        yield "fit_unknown", ""
        return
    if not file.fit.converged:
        yield "not_converged", str(file.fit.cycles)
    ratio = file.fit.first_to_second
    if ratio is None or ratio <= ONE_TRAIT_FROM:
        yield "not_one_trait", "–" if ratio is None else f"{ratio:.1f}"
    if crooked := [each.item for each in file.items if each.misfit is not None and each.misfit > MISFIT_FROM]:
        yield "misfit", ", ".join(map(str, crooked))
    if file.fit.twins:
        yield "twins", ", ".join(f"{pair.items[0]}–{pair.items[1]}" for pair in file.fit.twins)


def savings_line(savings: Savings) -> str:
    """What the simulation showed, in one sentence."""
    return _(
        "On {pupils} simulated pupils with these parameters: {mean} of {full} questions on average, the full scale's "
        "decision for {agreement} %; of those it finds, {missed} % are missed."
    ).format(
        pupils=savings.pupils, mean=f"{savings.items_mean:.1f}", full=savings.items_full,
        agreement=f"{100 * savings.agreement:.1f}", missed=f"{100 * savings.missed:.1f}",
    )  # fmt: skip


def precise_line(savings: Savings, precision: float) -> str:
    """What the simulation showed where a precision is asked for too, in one sentence."""
    return _(
        "With a standard error of at most {precision} besides: {mean} of {full} questions on average, the full scale's "
        "decision for {agreement} %; of those it finds, {missed} % are missed."
    ).format(
        precision=precision, mean=f"{savings.items_mean:.1f}", full=savings.items_full,
        agreement=f"{100 * savings.agreement:.1f}", missed=f"{100 * savings.missed:.1f}",
    )  # fmt: skip


def methods() -> dict[str, str]:
    """How each figure is computed, with its source."""
    return {
        "parameters": _("Graded response model (Samejima 1969, Psychometrika Monograph 17) by marginal maximum "
                        "likelihood (Bock & Aitkin 1981, Psychometrika 46:443-459) over a normal population; errors "
                        "from the cross-product of the sheets' gradients."),
        "misfit": _("Root mean squared distance of an item's observed from its expected curve (OECD, PISA 2015 "
                    "Technical Report, chapter 9)."),
        "twins": _("Correlations of what the trait leaves unexplained (Yen 1984, Appl Psychol Meas 8:125-145), less "
                   "their mean."),
        "expected": _("Simulated pupils answer as the parameters say; the shorter form is compared with their full "
                      "sheets. Real pupils fit less well."),
    }  # fmt: skip
