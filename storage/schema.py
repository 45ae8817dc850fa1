"""The collections: which fields can be asked for, and by which indexes. Declared once for every store."""

from storage.documents import Coll, Index
from storage.migrations import META


def _coll(name: str, fields: str, *indexes: str, unique: str = "", optional: str = "", **more: str) -> Coll:
    declared = dict(item.split(":") for item in fields.split())
    return Coll(
        name=name,
        fields=declared,  # type: ignore[arg-type]  # the words of FieldType, checked by the contract suite
        indexes=tuple(Index(tuple(index.split())) for index in indexes)
        + tuple(Index((field,), unique=True) for field in unique.split()),
        optional=frozenset(optional.split()),
        words=more.get("words"),
        ttl=more.get("ttl"),
    )


UPDATES = _coll("updates", "lane:str order:int state:str received_at:ts", "lane state order", "state received_at")
LANES = _coll("lanes", "direction:str due:ts holder:str", "direction due")
CONVERSATIONS = _coll(
    "conversations",
    "number:int stage:str channel:str chat:str customer:str assignee:str bin:str place:str desk_state:str"
    " wait:ts active_at:ts updated_at:ts snooze:ts unsettled:bool routes_at:ts held_at:ts",
    "active_at",
    "stage active_at",
    "channel active_at",
    "chat active_at",
    "customer active_at",
    "assignee active_at",
    "desk_state wait",
    "desk_state active_at",
    "bin desk_state wait",
    "bin desk_state active_at",
    # What a person gets who does not get everything: by team, or "none".
    "place active_at",
    "place stage active_at",
    "place desk_state wait",
    "place desk_state active_at",
    "bin place desk_state wait",
    "bin place desk_state active_at",
    "updated_at",
    "unsettled updated_at",
    "snooze",
    "routes_at",
    "held_at",
    unique="number",
    optional="assignee routes_at held_at",
    words="words",
)
MESSAGES = Coll(
    "messages",
    fields={
        "conversation": "str",
        "seq": "int",
        "at": "ts",
        "changed": "ts",
        "lane": "str",
        "open": "bool",
        "order": "int",
        "state": "str",
    },
    indexes=(
        Index(("conversation", "seq"), unique=True),
        Index(("conversation", "at")),
        Index(("at",)),
        Index(("lane", "open", "order")),
        Index(("state", "at")),
        Index(("changed",)),
    ),
    words="words",
)
POSTS = _coll(
    "posts",
    "lane:str open:bool order:int conversation:str at:ts place:str",
    "lane open order",
    "open at",
    "conversation",
    "place",
    optional="place",
)
TOPICS = _coll("topics", "place:str stands:str", "place", "stands", optional="stands")
CUSTOMERS = _coll(
    "customers",
    "created_at:ts name_key:str linked_to:str",
    "created_at",
    "name_key",
    "linked_to",
    optional="linked_to",
    words="words",
)
CUSTOMER_TAGS = _coll("customer_tags", "used:int", "used")
IDENTITIES = _coll("identities", "customer:str kind:str value:str", "customer", "kind value", words="words")
LINKS = _coll("links", "number:int child:str done:bool", "child number", "done number", unique="number")
CUSTOMER_IMPORTS = _coll("customer_imports", "at:ts", "at")
IMPORT_STEPS = _coll("import_steps", "job:str line:int", "job line")
IMPORT_CHANGES = _coll("import_changes", "job:str line:int customer:str", "job line", "customer")
CHATS = _coll("chats", "customer:str", "customer")
OPERATORS = _coll("operators", "email_key:str telegram_key:str", unique="email_key telegram_key")
SESSIONS = _coll("sessions", "operator:str expires_at:ts", "operator", "expires_at", ttl="expires_at")
CANNED = _coll("canned", "")
MACROS = _coll("macros", "")
DRAFTS = _coll("drafts", "operator:str conversation:str at:ts", "operator at", "conversation")
VIEWS = _coll("views", "")
TEAMS = _coll("teams", "name_key:str", unique="name_key")
ATTENDANCES = _coll("attendances", "at:ts", "at")
TOKENS = _coll("tokens", "operator:str", "operator")
SECOND_FACTORS = _coll("second_factors", "")
TASKS = _coll(
    "tasks",
    "assignee:str conversation:str customer:str open:bool sorts:ts wakes:ts",
    "assignee open sorts",
    "conversation",
    "customer",
    "wakes",
    optional="assignee conversation customer wakes",
)
NOTICES = _coll(
    "notices",
    "operator:str kind:str listed:bool unread:bool at:ts conversation:str customer:str telegram_at:ts email_at:ts",
    "operator listed at",
    "operator unread at",
    "operator kind at",
    "operator at",
    "conversation",
    "customer",
    "telegram_at",
    "email_at",
    "at",
    optional="conversation customer telegram_at email_at",
)
STARS = _coll("stars", "operator:str conversation:str at:ts", "operator at", "operator conversation", "conversation")
READS = _coll("reads", "operator:str", "operator")
ARTICLES = _coll(
    "articles",
    "state:str team:str lang:str begins:ts ends:ts",
    "state",
    "team",
    "lang",
    "begins",
    "ends",
    optional="team lang",
    words="words",
)
EDITIONS = _coll("editions", "article:str number:int", "article number")
IMPORTS = _coll("imports", "at:ts", "at")
MISSES = _coll("misses", "state:str at:ts article:str", "state at", "article at", "at", optional="article")
LABELS = _coll(
    "labels",
    "source:str at:ts asked:str proposed:str",
    "source",
    "at",
    "asked",
    "proposed",
    optional="source at asked proposed",  # older rows have but a text and an article
)
REVIEWS = _coll("reviews", "state:str at:ts", "state at", "at")
KEPT_QUESTIONS = _coll("kept_questions", "")
USES = _coll("uses", "how:str at:ts", "how at", "at")
USE_DAYS = _coll("use_days", "")
STAFF_ANSWERS = _coll("staff_answers", "state:str at:ts", "state at")
AUDIT = _coll("audit", "subject:str at:ts", "subject at", "at")
VALUES = _coll("values", "expires_at:ts", "expires_at", ttl="expires_at")
COUNTERS = _coll("counters", "")
ERASURES = _coll("erasures", "done:bool at:ts", "done at")
FILES = _coll("files", "by:str at:ts loose:bool", "by at", "loose at")
WEBHOOKS = _coll("webhooks", "created_at:ts", "created_at")
WEBHOOK_CALLS = _coll("webhook_calls", "webhook:str open:bool due:ts at:ts", "webhook open due", "webhook at", "at")

ALL = (
    META,
    UPDATES,
    LANES,
    CONVERSATIONS,
    MESSAGES,
    POSTS,
    TOPICS,
    CUSTOMERS,
    CUSTOMER_TAGS,
    IDENTITIES,
    LINKS,
    CUSTOMER_IMPORTS,
    IMPORT_STEPS,
    IMPORT_CHANGES,
    CHATS,
    OPERATORS,
    SESSIONS,
    TOKENS,
    SECOND_FACTORS,
    READS,
    TASKS,
    NOTICES,
    STARS,
    TEAMS,
    VIEWS,
    CANNED,
    MACROS,
    DRAFTS,
    ATTENDANCES,
    ARTICLES,
    EDITIONS,
    IMPORTS,
    MISSES,
    KEPT_QUESTIONS,
    USES,
    USE_DAYS,
    STAFF_ANSWERS,
    LABELS,
    REVIEWS,
    AUDIT,
    VALUES,
    COUNTERS,
    ERASURES,
    FILES,
    WEBHOOKS,
    WEBHOOK_CALLS,
)
