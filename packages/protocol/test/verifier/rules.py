"""Records, known answers and items against the rules fixed before work began."""

from collections import Counter

from consensus import counting_records
from fault import Fault
from merkle import is_gold_committed, raw, tree_root
from settlement import pay_of, place_of


def verify_records(spec, terms, records, earlier, is_complete):
    """Who may do what, with which answers, how often. Records by account and seq."""
    most = {"annotation": spec["redundancy"]["max"], "review": spec["review"]["reviews"], "submission": 1}
    works, per_item = {}, Counter()
    sent = Counter(r["account"] for r in earlier if r["kind"] == "submission" and r["revises"] is None)
    for record in records:
        account, item, kind = record["account"], record["item"], record["kind"]
        fault = Fault("record-invalid", account=account, seq=record["seq"], item=item)
        if not spec.accepts_body(record) or not spec.is_eligible(terms, account, kind):
            raise fault
        first_kind, first_seq = works.get((account, item), (kind, None))
        if first_kind != kind or (is_complete and record["revises"] != first_seq):
            raise fault
        if first_seq is not None:
            continue
        works[account, item] = kind, record["seq"]
        per_item[item, kind] += 1
        if per_item[item, kind] > most[kind]:
            raise fault
        if kind == "submission":
            sent[account] += 1
            intake, body = spec["intake"], record["body"]
            if (
                body["mediaType"] not in intake["mediaTypes"]
                or body["bytes"] > intake["maxBytes"]
                or sent[account] > intake["maxPerContributor"]
            ):
                raise fault
    if spec.is_collect and is_complete:
        for record in records:
            if not per_item[record["item"], "submission"]:
                raise Fault("batch-invalid", item=record["item"])


def verify_reveals(spec, reveals, results, before):
    """Known answers were committed to, and are opened with their item, once."""
    items = {result["item"] for result in results}
    known = {entry["item"] for entry in before["gold"]}
    for reveal in reveals:
        item = reveal["item"]
        if spec["gold"] is None or not is_gold_committed(reveal, spec["gold"]["root"]):
            raise Fault("gold-not-committed", item=item)
        if item not in items or item in known or reveal["label"] not in spec.labels:
            raise Fault("batch-invalid", item=item)
        known.add(item)


def verify_items(spec, state):
    """Once as many items are settled as were committed to, they are those, and all known answers are open."""
    committed, settled = spec["items"], len(state["results"])
    if settled > (committed["count"] if committed else spec["intake"]["maxItems"]):
        raise Fault("batch-invalid", root="items")
    if not committed or settled < committed["count"]:
        return
    if tree_root([raw(result["item"]) for result in state["results"]]) != committed["root"]:
        raise Fault("batch-invalid", root="items")
    if len(state["gold"]) != (spec["gold"]["count"] if spec["gold"] else 0):
        raise Fault("batch-invalid", root="gold")


def verify_stated(spec, terms, bundle, before, settled, records):
    """Where a fit cannot be repeated: no item settled twice, no record paid twice or otherwise than by the rules."""
    items = {result["item"] for result in before["results"]}
    for result in bundle["results"]:
        if result["item"] in items:
            raise Fault("batch-invalid", item=result["item"])
        items.add(result["item"])
    stated = {result["item"] for result in bundle["results"]}
    for record in records:
        if record["item"] not in stated:
            raise Fault("result-mismatch", item=record["item"])
    payable = {place_of(entry): None for entry in settled}
    for record in records:
        del payable[place_of(record)]
    payable.update((place_of(record), record) for record in counting_records(records))
    first = "submission" if spec.is_collect else "annotation"
    difficulties = spec["reward"]["difficulty"]
    for entry in bundle["scores"]:
        for seq, quality, difficulty, micro in entry["records"]:
            place = entry["account"], seq
            record = payable.get(place)
            kinds = [record["kind"]] if record else [first, "review"]
            if (
                place not in payable
                or not difficulties["min"] <= difficulty <= difficulties["max"]
                or all(pay_of(spec, terms, kind, quality, difficulty) != micro for kind in kinds)
            ):
                raise Fault("score-mismatch", account=place[0], seq=seq, **({"item": record["item"]} if record else {}))
            del payable[place]
