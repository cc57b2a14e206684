"""Shapes of documents: what each field must hold. Checking a value returns it as the verifier uses it."""

import re

MILLION = 1_000_000
_SAFE = 2**53 - 1


class Misshapen(Exception):
    """A document is not as it should be."""


def check(shape, value):
    """The value, read as the shape says."""
    return shape(value)


def _require(condition, what):
    if not condition:
        raise Misshapen(what)


def integer(low=-_SAFE, high=_SAFE):
    """A safe integer within bounds."""

    def read(value):
        _require(isinstance(value, int) and not isinstance(value, bool) and low <= value <= high, "an integer")
        return value

    return read


def text(low=0, high=None, pattern=None, convert=None):
    """A text, its length in UTF-16 units, or of a pattern."""

    def read(value):
        _require(isinstance(value, str), "a text")
        if low or high is not None:
            size = len(value.encode("utf-16-le")) // 2
            _require(low <= size and (high is None or size <= high), "a text of another length")
        _require(pattern is None or re.fullmatch(pattern, value, re.ASCII), "a text of another form")
        return convert(value) if convert else value

    return read


def byte_string(size):
    """A byte string of a size, read as hex text."""

    def read(value):
        _require(isinstance(value, bytes) and len(value) == size, "a byte string")
        return "0x" + value.hex()

    return read


def one_of(*values):
    """One of a few constants."""

    def read(value):
        _require(any(type(value) is type(each) and value == each for each in values), "another constant")
        return value

    return read


def nullable(shape):
    """The shape or null."""
    return lambda value: None if value is None else shape(value)


def list_of(shape, low=0, high=None):
    """A list of one shape."""

    def read(value):
        _require(isinstance(value, list), "a list")
        _require(low <= len(value) and (high is None or len(value) <= high), "a list of another length")
        return [shape(each) for each in value]

    return read


def tuple_of(*shapes):
    """A list of exactly these."""

    def read(value):
        _require(isinstance(value, list) and len(value) == len(shapes), "a list of another length")
        return tuple(shape(each) for shape, each in zip(shapes, value))

    return read


def table_of(key, shape):
    """A map from any keys of a shape."""

    def read(value):
        _require(isinstance(value, dict), "a map")
        return {key(name): shape(each) for name, each in value.items()}

    return read


def document(strict=False, optional=None, **fields):
    """A map with these fields and maybe the optional ones; a strict one has no others, of another the rest is left out."""
    known = {**fields, **(optional or {})}

    def read(value):
        _require(isinstance(value, dict), "a map")
        _require(not strict or value.keys() <= known.keys(), "a field too many")
        for name in fields:
            _require(name in value, f"no {name}")
        return {name: shape(value[name]) for name, shape in known.items() if name in value}

    return read


def with_optional(shape, **fields):
    """A map of this shape that may have further fields."""

    def read(value):
        known = shape(value)
        return {**known, **{name: read_field(value[name]) for name, read_field in fields.items() if name in value}}

    return read


HASH = text(pattern="0x[0-9a-f]{64}")
HEX = text(pattern="0x(?:[0-9a-f]{2})*")
# Whoever writes checksummed addresses means the same account.
ADDRESS = text(pattern="0x[0-9a-fA-F]{40}", convert=str.lower)
AMOUNT = text(pattern="[0-9]{1,78}", convert=int)
SECONDS = integer(0)
MILLIONTHS = integer(0, MILLION)
BOOLEAN = one_of(True, False)

TERMS = document(
    requester=ADDRESS,
    operator=ADDRESS,
    receiptKey=ADDRESS,
    token=ADDRESS,
    specHash=HASH,
    basePay=AMOUNT,
    floorPay=AMOUNT,
    operatorFeeBps=integer(),
    protocolFeeBps=integer(),
    contributorsBps=integer(),
    deadline=SECONDS,
    grace=SECONDS,
    challengeWindow=SECONDS,
    nonce=AMOUNT,
)

_ANCHOR = dict(
    previous=HASH,
    index=integer(),
    cutAt=SECONDS,
    recordsRoot=HASH,
    resultsRoot=HASH,
    payoutsRoot=HASH,
    payoutsTotal=AMOUNT,
    state=HASH,
    closing=BOOLEAN,
)
HEADER = document(campaignId=HASH, bundle=HASH, **_ANCHOR)
ROOT = document(v=one_of(1), campaignId=HASH, anchor=document(**_ANCHOR))

_RESULT = document(
    item=HASH,
    label=text(),
    confidence=MILLIONTHS,
    distribution=list_of(MILLIONTHS),
    status=one_of("accepted", "rejected"),
    annotations=integer(),
    reviews=integer(),
)
_HEAD = dict(count=integer(0), link=HASH)
_WORKER = document(
    account=ADDRESS,
    delegation=document(
        account=ADDRESS,
        publicKey=HEX,
        scope=HASH,
        notBefore=SECONDS,
        notAfter=SECONDS,
        nonce=AMOUNT,
        signature=HEX,
    ),
    **{"from": document(**_HEAD)},
    payloadHashes=list_of(HASH),
    links=list_of(HASH),
    head=document(**_HEAD, publicKey=HEX, signature=HEX),
    receipt=document(
        campaignId=HASH,
        account=ADDRESS,
        link=HASH,
        count=integer(1),
        owedAtLeast=AMOUNT,
        issuedAt=SECONDS,
        signature=HEX,
    ),
)
PARTS = dict(
    terms=document(chainId=integer(), campaigns=ADDRESS, terms=TERMS),
    workers=list_of(_WORKER),
    reveals=list_of(document(item=HASH, label=text(), salt=HASH, proof=list_of(HASH))),
    results=list_of(_RESULT),
    scores=list_of(
        document(account=ADDRESS, records=list_of(tuple_of(integer(1), MILLIONTHS, integer(0), AMOUNT)))
    ),
    payouts=list_of(document(account=ADDRESS, amount=AMOUNT)),
)

_WEIGHTS = document(
    strict=True,
    **{name: integer(0) for name in ("tablesFromVotes", "tablesFromCoin", "coin", "agreement")},
)
STATE = with_optional(
    document(
        v=one_of(1),
        campaignId=HASH,
        index=integer(0),
        chains=list_of(document(account=ADDRESS, **_HEAD)),
        results=list_of(_RESULT),
        pays=list_of(document(account=ADDRESS, micro=AMOUNT)),
        gold=list_of(document(item=HASH, label=text())),
        open=list_of(document(account=ADDRESS, seq=integer(1), payloadHash=HASH)),
    ),
    pick=document(strict=True, method=one_of("auto"), version=one_of(1), weights=_WEIGHTS),
)

_ANSWER = table_of(text(1, 200), list_of(text(high=500), high=100))
_BODIES = dict(
    annotation=document(strict=True, answer=_ANSWER),
    review=document(
        strict=True,
        verdict=one_of("accept", "fix", "reject"),
        answer=nullable(_ANSWER),
        reason=text(high=2000),
    ),
    submission=document(strict=True, mediaType=text(1, 200), bytes=integer(1)),
)


def RECORD(value):
    """A payload: its body is of its kind."""
    kind = value.get("kind") if isinstance(value, dict) else None
    _require(isinstance(kind, str) and kind in _BODIES, "no kind of record")
    return document(
        strict=True,
        v=one_of(1),
        campaign=byte_string(32),
        account=byte_string(20),
        seq=integer(1),
        prev=byte_string(32),
        salt=byte_string(16),
        kind=one_of(kind),
        task=text(high=100),
        item=byte_string(32),
        body=_BODIES[kind],
        revises=nullable(integer(1)),
        assist=nullable(
            document(
                strict=True,
                model=text(high=200),
                suggestion=byte_string(32),
                use=one_of("accepted", "edited", "own", "blind"),
            )
        ),
        startedAt=SECONDS,
        endedAt=SECONDS,
    )(value)


_FACTOR = integer(0, 10 * MILLION)
_WORDS = list_of(text(1, 80), high=20)
_ACCOUNTS = list_of(text(pattern="0x[0-9a-f]{40}"), high=10_000)
_COMMITTED = nullable(document(strict=True, root=HASH, count=integer(1)))
SPEC = document(
    strict=True,
    v=one_of(1),
    kind=one_of("collect", "annotate"),
    modality=one_of("text", "image"),
    title=text(1, 200),
    instructions=text(high=50_000),
    languages=_WORDS,
    tags=_WORDS,
    labelingConfig=text(high=100_000),
    items=_COMMITTED,
    intake=nullable(
        document(
            strict=True,
            mediaTypes=_WORDS,
            maxBytes=integer(1),
            maxItems=integer(1),
            maxPerContributor=integer(1),
        )
    ),
    redundancy=document(strict=True, min=integer(1, 100), max=integer(1, 100), targetConfidence=MILLIONTHS),
    gold=_COMMITTED,
    review=document(strict=True, reviews=integer(0, 20)),
    eligibility=document(strict=True, accounts=_ACCOUNTS, reviewers=_ACCOUNTS),
    reward=document(
        strict=True,
        optional=dict(version=one_of(2)),
        difficulty=document(strict=True, min=_FACTOR, max=_FACTOR),
        qualityCurve=list_of(tuple_of(MILLIONTHS, MILLIONTHS), 2, 20),
        reviewShare=_FACTOR,
    ),
    consensus=document(strict=True, method=one_of("majority", "dawid-skene", "auto"), version=one_of(1)),
    batch=document(strict=True, periodSeconds=integer(1), minItems=integer(1), maxItems=integer(1)),
    rights=document(strict=True, license=text(1, 200), uses=_WORDS),
    visibility=one_of("public"),
    privacy=document(strict=True, controller=text(high=200), processor=text(high=200)),
)

DEPLOYMENT = document(chainId=integer(), campaigns=ADDRESS)
FACTS = document(deployment=DEPLOYMENT, terms=TERMS, headers=list_of(HEADER))
