"""From probabilities to results, scores, pay and the state after a batch."""

from cbor import digest
from consensus import Fit, quantize
from looking import looked_qualities
from shapes import MILLION


class NotSettleable(Exception):
    """A batch may not settle this item."""

    def __init__(self, item):
        super().__init__(item)
        self.item = item


def settle(spec, terms, state, records, items, reveals, closing):
    """Results by item, scores by account and seq: (account, seq, quality, difficulty, micro), and the pick to keep."""
    frozen = {result["item"] for result in state["results"]}
    for item in items:
        if item in frozen:
            raise NotSettleable(item)
    gold = {entry["item"]: entry["label"] for entry in (*state["gold"], *reveals)}
    fit = Fit(spec, records, gold, state.get("pick"))
    results, scores = [], []
    for item in sorted(items):
        result = _result(spec, fit, item)
        if not closing and not _is_settleable(spec, result):
            raise NotSettleable(item)
        results.append(result)
    looked = looked_qualities(fit, results) if spec["reward"].get("version") == 2 else None
    for result in results:
        item = result["item"]
        voted = {id(record): at for at, (_, _, record) in enumerate(fit.votes[item])}
        for record in fit.records[item]:
            at = voted.get(id(record))
            difficulty = spec["reward"]["difficulty"]["min"] if at is None else _difficulty(spec, fit, item, at)
            if record["kind"] == "submission":
                quality = result["distribution"][fit.labels.index("accept")]
            elif looked is not None:
                quality = quantize(looked[id(record)])
            elif at is None:
                quality = MILLION if result["status"] == "rejected" else 0
            else:
                quality = _support(fit, item, at)
            micro = pay_of(spec, terms, record["kind"], quality, difficulty)
            scores.append((*place_of(record), quality, difficulty, micro))
    return results, sorted(scores), fit.pick


def _result(spec, fit, item):
    distribution = [quantize(value) for value in fit.probabilities(item)]
    confidence = max(distribution)
    label = min(label for label, share in zip(fit.labels, distribution) if share == confidence)
    records = fit.records[item]
    verdicts = [record["body"]["verdict"] for record in records if record["kind"] == "review"]
    if spec.is_collect:
        is_accepted = label == "accept" and bool(verdicts)
    else:
        is_accepted = not verdicts or any(verdict != "reject" for verdict in verdicts)
    return {
        "item": item,
        "label": label,
        "confidence": confidence,
        "distribution": distribution,
        "status": "accepted" if is_accepted else "rejected",
        "annotations": sum(record["kind"] == "annotation" for record in records),
        "reviews": len(verdicts),
    }


def _is_settleable(spec, result):
    reviews, asked = result["reviews"], spec["review"]["reviews"]
    if spec.is_collect:
        return reviews >= asked
    rules, annotations = spec["redundancy"], result["annotations"]
    is_sure = annotations >= rules["min"] and result["confidence"] >= rules["targetConfidence"]
    return is_sure or annotations >= rules["max"] or (asked > 0 and reviews >= asked)


def _support(fit, item, at):
    """The first rule: what all else says of the vote at a place of an item."""
    label = fit.votes[item][at][1]
    if item in fit.known:
        return MILLION if fit.known[item] == label else 0
    return quantize(fit.without(item, at)[label])


def _difficulty(spec, fit, item, at):
    """How far the votes of an item disagree without the one at this place."""
    least, most = spec["reward"]["difficulty"]["min"], spec["reward"]["difficulty"]["max"]
    if len(fit.votes[item]) < 2:
        return least
    others = fit.without(item, at)
    squares = 0.0
    for share in others:
        squares += share * share
    disagreement = quantize(min(1.0, max(0.0, (1 - squares) / (1 - 1 / len(others)))))
    return least + (most - least) * disagreement // MILLION


def pay_of(spec, terms, kind, quality, difficulty):
    """What a record earns, in millionths of the smallest unit."""
    floor = terms["floorPay"] * MILLION
    full = terms["basePay"] * difficulty
    if kind == "review":
        full = full * spec["reward"]["reviewShare"] // MILLION
    if full <= floor:
        return floor
    return floor + (full - floor) * _curve_at(spec["reward"]["qualityCurve"], quality) // MILLION


def _curve_at(curve, quality):
    if quality <= curve[0][0]:
        return curve[0][1]
    for (x0, y0), (x1, y1) in zip(curve, curve[1:]):
        if quality <= x1:
            return y0 + (y1 - y0) * (quality - x0) // (x1 - x0)
    return curve[-1][1]


def conclude(before, results, scores, reveals, workers, settled, pick):
    """The state after a batch; `settled` holds (account, seq) of every record of its items."""
    pays = {entry["account"]: entry["micro"] for entry in before["pays"]}
    for account, _, _, _, micro in scores:
        pays[account] = pays.get(account, 0) + micro
    chains = {chain["account"]: chain for chain in before["chains"]}
    opened = list(before["open"])
    for worker in workers:
        account, start = worker["account"], worker["from"]
        link = worker["links"][-1] if worker["links"] else start["link"]
        chains[account] = {"account": account, "count": start["count"] + len(worker["links"]), "link": link}
        opened += new_records(worker)
    gold = before["gold"] + [{"item": reveal["item"], "label": reveal["label"]} for reveal in reveals]
    return {
        "v": 1,
        "campaignId": before["campaignId"],
        "index": before["index"] + 1,
        "chains": [chains[account] for account in sorted(chains)],
        "results": sorted(before["results"] + results, key=lambda result: result["item"]),
        "pays": [{"account": account, "micro": pays[account]} for account in sorted(pays)],
        "gold": sorted(gold, key=lambda entry: entry["item"]),
        "open": in_order(record for record in opened if place_of(record) not in settled),
        **({"pick": pick} if pick else {}),
    }


def new_records(worker):
    """The records a worker's segment adds, by payload hash only."""
    account, count = worker["account"], worker["from"]["count"]
    return [
        {"account": account, "seq": count + 1 + at, "payloadHash": payload_hash}
        for at, payload_hash in enumerate(worker["payloadHashes"])
    ]


def place_of(record):
    """Account and seq of a record."""
    return record["account"], record["seq"]


def in_order(records):
    """Records by account and seq."""
    return sorted(records, key=place_of)


def payouts_of(state):
    """Cumulative pays in whole units, without those of less than one."""
    amounts = ((pay["account"], pay["micro"] // MILLION) for pay in state["pays"])
    return [{"account": account, "amount": amount} for account, amount in amounts if amount > 0]


def state_digest(state) -> bytes:
    """SHA-256 of the state's canonical bytes, its amounts as text."""
    pays = [{"account": pay["account"], "micro": str(pay["micro"])} for pay in state["pays"]]
    return digest({**state, "pays": pays})
