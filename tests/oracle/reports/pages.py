"""Which pages of screening, letters, the register, local norms and files say numbers, and who counts these once more.

| app | page | counted by |
|---|---|---|
| screening | figures, distribution, coverage, accuracy, summary (page, spreadsheet, PDF) | `expected` |
| screening | one that runs, one that is planned, its queue, whom to talk to | `expected_region` |
| screening | coverage by school, orders, one order | `expected_bureau` |
| screening | forms of class teachers and guardians: by class, of one class, of the own class | `expected_beside` |
| screening | the schools to ask, the list, one class, ending one, paper sheets, plans by category | `expected_beside` |
| letters | counts of a bureau | `expected_bureau` |
| letters | those of a school by class, handing over, releasing a class | `expected_beside` |
| support | the register | `expected_beside` |
| scales | one norm, the norms | `expected_beside` |
| archives | statistics of the files, files by class | `expected_files` |

`COUNTED` says how each is looked at; a page that stands in neither table is a fault (`test_pages`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.oracle.reports import expected, expected_beside, expected_bureau, expected_files, expected_region
from tests.oracle.reports.expected import Expected
from tests.oracle.reports.rawrows import Raw
from tests.oracle.reports.recount import Count, norm_sheets
from tests.oracle.reports.region import FIRST, LAST, MAIN, NEXT, READ_AT, Region
from tests.oracle.reports.region_more import OTHERS
from xinqiao.care.alerts.models import Attention
from xinqiao.care.scales.models import LocalNorm
from xinqiao.register.policy.selectors import parameters_for


@dataclass(frozen=True)
class Look:
    """A page as one reader sees it, and what it has to say; `form` is how it comes: page, workbook or source."""

    login: str
    args: Sequence[Any]
    expected: Expected
    query: Mapping[str, str] = field(default_factory=dict)
    form: str = "page"


@dataclass(frozen=True)
class Place:
    """The region with its rows, and what stands there."""

    region: Region
    raw: Raw

    def count(self, name: str) -> Count:
        """What the rows of a screening come to."""
        return Count(self.raw, name)

    def key(self, name: str) -> Any:
        """The id of a screening."""
        return self.region.campaigns[name].pk


def _running(at: Place) -> Expected:
    return expected_region.running(at.count(LAST), [at.count(MAIN), at.count(FIRST)])


def _of_panels(of: Expected, *, is_queue: bool) -> Expected:
    kept = {place: told for place, told in of.must.items() if (place[1] == "Queue of talks") == is_queue}
    return Expected(kept, of.may)


def _summary(at: Place, form: str) -> list[Look]:
    return [Look("head", [at.key(MAIN)], expected.summary(at.count(MAIN), READ_AT), form=form)]


def _figures(at: Place) -> list[Look]:
    main, first = at.count(MAIN), at.count(FIRST)
    return [
        Look("psych", [at.key(MAIN)], expected.figures(main, first, scale, score), {"score": f"{scale}.{score}"})
        for scale, score in (("phq-9", "total"), ("mht", "fear"))
    ]


def _distribution(at: Place) -> list[Look]:
    main = at.count(MAIN)
    return [
        Look("psych", [at.key(MAIN)], expected.distribution(main, scale, score), {"score": f"{scale}.{score}"})
        for scale, score in (("phq-9", "total"), ("gad-7", "total"), ("mht", "lie"), ("mht", "total"))
    ]


def _campaign(at: Place) -> list[Look]:
    plan = expected_region.plan(at.count(NEXT), [at.count(MAIN), at.count(FIRST)])
    others = Look("psych", [at.key(OTHERS)], expected_beside.forms(at.raw, at.key(OTHERS)))
    return [Look("psych", [at.key(LAST)], _running(at)), Look("psych", [at.key(NEXT)], plan), others]


def _norm(at: Place) -> list[Look]:
    waves = [at.count(FIRST), at.count(MAIN)]
    return [Look("psych", [LocalNorm.objects.get().pk], expected_beside.norm(at.raw, waves, "phq-9"))]


def _norms(at: Place) -> list[Look]:
    own, _out = norm_sheets(at.raw, [at.count(FIRST), at.count(MAIN)], "phq-9")
    return [Look("psych", [], expected_beside.norms(len(own)))]


def _class_to_release(at: Place) -> list[Look]:
    main = at.count(MAIN)
    letters = expected_beside.letters_of(at.raw, main)
    return [
        Look("psych", [at.key(MAIN), class_id], expected_beside.class_to_release(at.raw, main, class_id))
        for class_id in letters
    ]


def _files(at: Place) -> list[Look]:
    place, on = at.region.school.unit.path, READ_AT.date()
    rules = parameters_for(place, on)
    names = {each.code: each.name.en for each in rules.register_categories}
    open_ones = Attention.objects.for_system(reason="an oracle counts").filter(ended_at__isnull=True)
    levels = {key: f"{level.capitalize()} level" for key, level in open_ones.values_list("student_id", "level")}
    return [Look("head", [], expected_files.figures(at.raw, place, on, names, levels))]


COUNTED: dict[str, Callable[[Place], list[Look]]] = {
    "screening:index": lambda at: [Look("psych", [], expected_beside.index(at.raw, at.count(MAIN)))],
    "screening:coverage": lambda at: [Look("officer", [], expected_bureau.schools(at.raw))],
    "screening:orders": lambda at: [Look("officer", [], expected_bureau.orders(at.raw, at.region.order.name))],
    "screening:order": lambda at: [Look("officer", [at.region.order.pk], expected_bureau.order(at.raw))],
    "screening:order-new": lambda at: [Look("officer", [], expected_beside.schools_to_ask(at.raw))],
    "screening:campaign": _campaign,
    "screening:progress": lambda at: [Look("psych", [at.key(LAST)], _of_panels(_running(at), is_queue=False))],
    "screening:workload": lambda at: [Look("psych", [at.key(LAST)], _of_panels(_running(at), is_queue=True))],
    "screening:class": lambda at: [
        Look("psych", [at.key(LAST), unit.pk], expected_beside.one_class(at.count(LAST), unit))
        for unit in (at.region.school.class_a, at.region.school.class_b)
    ],
    "screening:close": lambda at: [Look("psych", [at.key(LAST)], expected_beside.ending(at.count(LAST)))],
    "screening:paper": lambda at: [
        Look("psych", [at.key(LAST), at.region.school.class_b.pk],
             expected_beside.pile(at.count(LAST), at.region.school.class_b))
    ],
    "screening:class-forms": lambda at: [
        Look("psych", [at.key(OTHERS), unit.pk], expected_beside.class_forms(at.raw, at.key(OTHERS), unit.pk))
        for unit in (at.region.school.class_a, at.region.school.class_b)
    ],
    "screening:my-class": lambda at: [
        Look("teacher", [], expected_beside.own_forms(at.raw, at.key(OTHERS), at.region.school.class_b))
    ],
    "screening:results": lambda at: [Look("psych", [at.key(MAIN)], expected_region.results(at.count(MAIN)))],
    "screening:distribution": _distribution,
    "screening:summary": lambda at: _summary(at, "page"),
    "screening:summary-xlsx": lambda at: _summary(at, "workbook"),
    "screening:summary-pdf": lambda at: _summary(at, "source"),
    "screening:figures": _figures,
    "screening:accuracy": lambda at: [Look("psych", [at.key(MAIN)], expected.accuracy(at.count(MAIN)))],
    "screening:campaign-coverage": lambda at: [Look("psych", [at.key(MAIN)], expected.coverage(at.count(MAIN)))],
    "screening:education": lambda at: [
        Look("psych", [at.key(MAIN)], expected_beside.education(at.raw, at.count(MAIN)))
    ],
    "letters:counts": lambda at: [Look("officer", [], expected_bureau.letters(at.raw))],
    "letters:mailing": lambda at: [Look("psych", [at.key(MAIN)], expected_beside.mailing(at.raw, at.count(MAIN)))],
    "letters:hand-over": lambda at: [Look("psych", [at.key(MAIN)], expected_beside.hand_over(at.raw, at.count(MAIN)))],
    "letters:class": _class_to_release,
    "support:register": lambda at: [Look("psych", [], expected_beside.register(at.raw, READ_AT.date()))],
    "archives:figures": _files,
    "archives:index": lambda at: [
        Look("psych", [], expected_files.index(at.raw, at.region.school.unit.path, READ_AT.date()))
    ],
    "scales:norm": _norm,
    "scales:norms": _norms,
}  # fmt: skip

CHANGE = "changes something and shows nothing: it answers no GET"
ASKS = "a form: it asks, and counts nobody"
NAMES = "lists pupils by name and number, or prints for each of them; no sum of them is said"
ONE_CHILD = "one pupil's own sheets or words: their scores are the oracle's of scoring, nothing is summed over pupils"
UNCOUNTED: dict[str, str] = {
    **dict.fromkeys((
        "screening:order-remind", "screening:order-withdraw", "screening:form-open", "screening:form-refuse",
        "screening:education-finish", "screening:export-approve", "screening:export-refuse", "screening:launch",
        "screening:discard", "screening:order-confirm", "screening:order-decline", "screening:order-reconsider",
        "screening:take-pace", "screening:drop-pace", "screening:later", "screening:lot-draw", "screening:excuse",
        "screening:readmit", "screening:paper-discard", "letters:prepare", "letters:release", "letters:own-share",
        "letters:withdraw", "letters:settle", "support:accept", "support:decline", "scales:norm-retire",
        "support:deal",
        "archives:excerpt-ask", "archives:excerpt-approve", "archives:excerpt-refuse", "archives:excerpt-pdf",
        "archives:erasure-propose", "archives:erasure-approve", "archives:erasure-refuse", "archives:erasure-recall",
    ), CHANGE),
    **dict.fromkeys((
        "screening:new", "screening:edit", "screening:order-days", "screening:education-new",
        "screening:education-edit", "screening:observation", "screening:informants", "screening:extend",
        "screening:make-up", "screening:pace", "screening:lot-talk", "screening:exports", "letters:open",
        "letters:words", "letters:words-read", "support:propose", "support:add", "support:review", "support:end",
        "support:mentor", "archives:plans", "archives:plan", "archives:family", "archives:request-new",
    ), ASKS),
    **dict.fromkeys((
        "screening:slips", "screening:guardian-slips", "screening:seats", "screening:class-file", "screening:levels",
        "screening:paper-print", "letters:print", "letters:hand-over-class", "archives:class", "support:mentees",
    ), NAMES),
    **dict.fromkeys((
        "screening:result", "screening:paper-settle", "screening:export-file", "letters:pupil", "letters:own",
        "letters:own-read", "support:pupil", "archives:file", "archives:access", "archives:access-pdf",
        "archives:request", "support:mentee", "support:contacts-pupil", "support:contacts-mentee",
    ), ONE_CHILD),
    **dict.fromkeys((
        "support:mentors", "support:mentors-class", "support:contacts", "support:contacts-class", "support:parents",
        "support:counts",
    ), "how far a school is; care/support/tests (mentors, families, parents) count them, and look for handfuls above"),
    "archives:figures-pdf": "the same counts as the page, on paper; care/archives/tests look at both",
    "archives:requests": "counts the requests that it lists; care/archives/tests/test_requests counts them",
    "scales:norm-new": "of whom a norm would be made, without a table; care/screening/tests/test_local_norms counts it",
}  # fmt: skip
