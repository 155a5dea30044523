"""How each figure is computed, in words, with what it rests on."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

Reference = tuple[str, str]  # what to cite, and where it stands (empty: a book without an address)

CRONBACH = ("Cronbach 1951, Psychometrika 16:297-334", "https://doi.org/10.1007/BF02310555")
FELDT = ("Feldt 1965, Psychometrika 30:357-370", "https://doi.org/10.1007/BF02289499")
MCDONALD = ("McDonald 1999, Test Theory", "https://doi.org/10.4324/9781410601087")
RAYKOV = ("Raykov 2002, Multivar Behav Res 37:89-103", "https://doi.org/10.1207/S15327906MBR3701_04")
HYNDMAN = ("Hyndman & Fan 1996, Am Stat 50:361-365", "https://doi.org/10.1080/00031305.1996.10473566")
HUANG = ("Huang et al. 2012, J Bus Psychol 27:99-114", "https://doi.org/10.1007/s10869-011-9231-8")
CURRAN = ("Curran 2016, J Exp Soc Psychol 66:4-19", "https://doi.org/10.1016/j.jesp.2015.07.006")
JOHNSON = ("Johnson 2005, J Res Pers 39:103-129", "https://doi.org/10.1016/j.jrp.2004.09.009")
CONIJN = ("Conijn et al. 2019, Multivar Behav Res 54:593-611", "https://doi.org/10.1080/00273171.2018.1563520")

JACOBSON = ("Jacobson & Truax 1991, J Consult Clin Psychol 59:12-19", "https://doi.org/10.1037/0022-006X.59.1.12")
ZUMBO = ("Zumbo 1999, A Handbook on the Theory and Methods of Differential Item Functioning", "")
NAGELKERKE = ("Nagelkerke 1991, Biometrika 78:691-692", "https://doi.org/10.1093/biomet/78.3.691")
JODOIN = ("Jodoin & Gierl 2001, Appl Meas Educ 14:329-349", "https://doi.org/10.1207/S15324818AME1404_2")
SCOTT = ("Scott et al. 2010, Health Qual Life Outcomes 8:81", "https://doi.org/10.1186/1477-7525-8-81")


@dataclass(frozen=True)
class Method:
    """What is said under a figure."""

    text: str
    references: tuple[Reference, ...] = ()


def methods() -> dict[str, Method]:
    """Return every method by the name that the page uses."""
    return _of_one_wave() | _of_comparisons()


def _of_one_wave() -> dict[str, Method]:
    return {
        "spread": Method(
            _(
                "Over the sheets that were scored and that the scale's own rule does not make void. Of each pupil the "
                "last sheet counts. The standard deviation is that of a sample; quartiles are interpolated."
            ),
            (HYNDMAN,),
        ),
        "reliability": Method(
            _(
                "Answers as the scale's key reads them, reversed items turned. Alpha is computed from the covariances "
                "of the items, its interval from the F distribution. Omega is the share that one common factor has in "
                "the sum, fitted by maximum likelihood, its interval by the delta method on the logit. Items that "
                "everybody answered alike are left out. The standard error of measurement is the standard deviation "
                "of the sum times the root of one minus alpha, in points of the score."
            ),
            (CRONBACH, FELDT, MCDONALD, RAYKOV),
        ),
        "items": Method(
            _(
                "Correlation with the rest: with the sum of the other items. Alpha without: what alpha would be if the "
                "item were left out. Missing answers leave a sheet out only of the pairs that lack them."
            ),
            (CRONBACH,),
        ),
        "flags": Method(
            _(
                "The rule is the scale's published one. The false alarms follow from the sensitivity and specificity "
                "that the source found and from how common the problem is assumed to be when a screening is planned; "
                "in your school it may be otherwise."
            )
        ),
        "care": Method(
            _(
                "Too fast: the time of the whole sheet over the answers given. Same answer throughout: only where the "
                "scale has reversed items. Like questions: correlation of the halves of the subscales. The last two "
                "also grow with severity itself, so no sheet is void because of one of them; two together, or the time "
                "alone, ask for another try."
            ),
            (HUANG, JOHNSON, CURRAN, CONIJN),
        ),
    }


def _of_comparisons() -> dict[str, Method]:
    return {
        "bias": Method(
            _(
                "Ordinal logistic regression: an answer is told from the score, then from score, group and both "
                "together. The effect is what the group adds to Nagelkerke's R squared: below 0.035 negligible, from "
                "0.070 large, limits found with items of two answers. An item counts as biased where the effect is "
                "not negligible and the likelihood ratio lies beyond 5 in 100. The score is made anew without biased "
                "items until the same ones stay out."
            ),
            (ZUMBO, NAGELKERKE, JODOIN, SCOTT),
        ),
        "change": Method(
            _(
                "Difference of two scores over the root of two times the standard error of measurement of the wave "
                "before, in the pupils who answered it. Without any change 95 of 100 lie within 1.96; only what lies "
                "beyond is called a change. Only pupils with a complete sheet in both waves are counted."
            ),
            (JACOBSON,),
        ),
    }
