"""What is guarded: published frameworks, rounds that are over, and everything that is only added to."""

from assessment.models.immutable.guarding import Guard

FRAMEWORK, ROUND = "assessment_framework", "assessment_assessment"
PUBLISHED = "a published framework never changes"
OVER = "a round that is over never changes"
ADDED_TO = "this is only ever added to"


def _differs(*columns: str) -> str:
    return " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)


def _part(table: str, owners: list[str]) -> Guard:
    ids = ", ".join(owners)
    guarded = f"EXISTS (SELECT 1 FROM {FRAMEWORK} p WHERE p.state <> 'draft' AND p.id IN ({ids}))"
    return Guard(f"assessment_{table}", guarded, PUBLISHED, locks=((FRAMEWORK, ids),))


def _framework_of(parent: str) -> str:
    return f"(SELECT framework_id FROM assessment_{parent} WHERE id = {{row}}.{parent}_id)"


# How each table's row finds its framework: a row must touch none that is published, by whichever way.
OWN = "{row}.framework_id"
FRAMEWORK_COLUMNS = ["id", "code", "version", "language", "name", "about", "crosswalks", "previous_id", "created_by_id"]
FRAMEWORK_COLUMNS += ["created_at", "edits", "four_eyes", "published_by_id", "published_at", "reasons", "checks"]
FRAMEWORKS = (
    Guard(
        FRAMEWORK,
        "{row}.state <> 'draft'",
        PUBLISHED,
        keys=(("code", "version"),),
        allowed="NEW.state <> 'draft' AND NOT (" + _differs(*FRAMEWORK_COLUMNS) + ")",
        entering=(),
    ),
    _part("level", [OWN]),
    _part("source", [OWN]),
    _part("targetprofile", [OWN]),
    _part("goldenset", [OWN]),
    _part("lens", [OWN]),
    _part("dimension", [OWN, _framework_of("lens")]),
    _part("facet", [OWN, _framework_of("dimension")]),
    _part("criterion", [OWN, _framework_of("facet")]),
    _part("passage", [_framework_of("source")]),
    _part("leveldescriptor", [_framework_of("criterion")]),
    _part("citation", [_framework_of("criterion"), _framework_of("dimension")]),
)


# Approved is a round whose result is frozen in this revision and whose framework is; it only ever becomes the next
# revision. A round that was frozen once stays where it is, so that nothing else takes the place of what was frozen.
# A round that moved to another version only ever comes back as it was; its answers, and those of a copy that was given
# up, are as locked as approved ones.
ROUND_COLUMNS = ["id", "city_id", "framework_id", "round", "target_id", "title", "as_of", "due_on", "scope"]
ROUND_COLUMNS += ["previous_id", "is_narrowed", "created_at"]
WAS_FROZEN = "EXISTS (SELECT 1 FROM assessment_freeze z WHERE z.assessment_id = {row}.id)"
IS_FROZEN = WAS_FROZEN[:-1] + " AND z.revision = {row}.revision)"
ON_A_DRAFT = f"EXISTS (SELECT 1 FROM {FRAMEWORK} f WHERE f.id = {{row}}.framework_id AND f.state = 'draft')"
REOPENED = f"NEW.state = 'open' AND NEW.revision = OLD.revision + 1 AND NOT ({_differs(*ROUND_COLUMNS)})"
BACK = f"NEW.state IN ('draft', 'open') AND NOT ({_differs('revision', *ROUND_COLUMNS)})"
SAME = f"NOT ({_differs('id', 'city_id', 'framework_id', 'revision')})"


def _over(owner: str) -> str:
    return f"EXISTS (SELECT 1 FROM {ROUND} p WHERE p.state IN ('approved', 'moved', 'undone') AND p.id IN ({owner}))"


def _answer(table: str, owner: str) -> Guard:
    return Guard(f"assessment_{table}", _over(owner), OVER, locks=((ROUND, owner),))


ROUND_OF_RESPONSE = "(SELECT assessment_id FROM assessment_response WHERE id = {row}.response_id)"
ROUNDS_OF_FILE = (
    "SELECT r.assessment_id FROM assessment_response r JOIN assessment_evidence e ON e.response_id = r.id"
    " WHERE e.file_id = {row}.id"
)
ROUNDS = (
    Guard(
        ROUND,
        f"({{row}}.state IN ('approved', 'moved') OR {WAS_FROZEN})",
        OVER,
        keys=(("city_id", "framework_id", "round"),),
        allowed=f"CASE OLD.state WHEN 'approved' THEN {REOPENED} WHEN 'moved' THEN {BACK} ELSE {SAME} END",
        wrong=f"{{row}}.state = 'approved' AND (NOT {IS_FROZEN} OR {ON_A_DRAFT})",
        entering=("INSERT",),
    ),
    _answer("response", "{row}.assessment_id"),
    _answer("evidence", ROUND_OF_RESPONSE),
    Guard("assessment_storedfile", _over(ROUNDS_OF_FILE), OVER, keys=(("city_id", "sha256"),), entering=()),
)


def _added_to(table: str, *keys: tuple[str, ...], wrong: str = "", locks: tuple[tuple[str, str], ...] = ()) -> Guard:
    return Guard(f"assessment_{table}", "{row}.id IS NOT NULL", ADDED_TO, keys, wrong=wrong, entering=(), locks=locks)


UNDER_REVIEW = (
    f"EXISTS (SELECT 1 FROM {ROUND} p WHERE p.id = {{row}}.assessment_id AND p.revision = {{row}}.revision"
    " AND p.state = 'under_review')"
)
THE_ROUND = ((ROUND, "{row}.assessment_id"),)
LOGS = (
    _added_to("event"),
    _added_to(
        "version", ("assessment_id", "criterion_id", "number"), wrong=_over("{row}.assessment_id"), locks=THE_ROUND
    ),
    _added_to("officialtext", ("framework", "source", "sha256")),
    _added_to("textdecision"),
    _added_to("remark", ("assessment_id", "report", "language", "place", "code", "number")),
    _added_to("reportfile"),
    _added_to("freeze", ("assessment_id", "revision"), wrong=f"NOT {UNDER_REVIEW}", locks=THE_ROUND),
)
GUARDS = (*FRAMEWORKS, *ROUNDS, *LOGS)
