"""A second implementation of Tagger's `verify`, written from docs/protocol.md: the standard library of Python only.

    python3 verify.py facts.json bundle-0.car bundle-1.car …

`facts.json` is what the chain says: {"deployment": {chainId, campaigns}, "terms": {…}, "headers": […]}, amounts as
decimal text. Prints the verdict as one line of JSON; ends with 0 when it holds, 1 when not. `verify.py -` reads such
arguments from standard input, those of a campaign as one JSON array per line, and prints a verdict per line.
"""

import hashlib
import json
import sys
from collections import Counter

import shapes
from bundle import Bundle, Malformed
from cbor import NotCanonical, decode, digest
from chains import first_link, open_payloads, verify_worker
from fault import Fault
from merkle import campaign_id, header_hash, hexed, payouts_root, raw, records_root, results_root
from rules import verify_items, verify_records, verify_reveals, verify_stated
from settlement import NotSettleable, conclude, in_order, new_records, payouts_of, place_of, settle, state_digest
from spec import Spec


class Verifier:
    """Goes through a campaign's bundles, oldest first, and stops at the first fault."""

    def __init__(self, facts):
        self.deployment, self.terms, self.headers = facts["deployment"], facts["terms"], facts["headers"]
        self.campaign = campaign_id(self.terms, self.deployment)
        self.previous, self.cut_at = hexed(bytes(32)), -1
        self.records, self.erased, self.done = [], 0, 0
        self.owed = {}
        lists = {name: [] for name in ("chains", "results", "pays", "gold", "open")}
        self.state = {"v": 1, "campaignId": self.campaign, "index": 0, **lists}

    def verdict(self, cars):
        """The verdict on these bundles."""
        batch = 0
        try:
            for car in cars:
                if batch == len(self.headers):
                    raise Fault("batch-order")
                self._verify_batch(Bundle(car), self.headers[batch])
                batch += 1
            if batch < len(self.headers):
                raise Fault("bundle-missing")
        except Fault as fault:
            return {"ok": False, "code": fault.code, "at": {"batch": batch, **fault.place}}
        except Malformed:
            return {"ok": False, "code": "bundle-malformed", "at": {"batch": batch}}
        return {
            "ok": True,
            "batches": batch,
            "records": self.done,
            "erased": self.erased,
            "workers": len(self.state["chains"]),
            "items": len(self.state["results"]),
            "payoutsTotal": str(self.headers[-1]["payoutsTotal"] if self.headers else 0),
        }

    def _verify_batch(self, bundle, header):
        spec = self._verify_identity(bundle, header)
        self._verify_workers(bundle)

        stated = _read_state(bundle)
        still_open = {place_of(record) for record in stated["open"]}
        signed = in_order(self.state["open"] + [r for worker in bundle["workers"] for r in new_records(worker)])
        settled = [record for record in signed if place_of(record) not in still_open]
        records, erased = open_payloads(settled, bundle.payloads, self.campaign)
        verify_records(spec, self.terms, records, self.records, erased == 0)
        verify_reveals(spec, bundle["reveals"], bundle["results"], self.state)
        if not still_open <= {place_of(record) for record in signed}:
            raise Fault("state-mismatch", root="state")
        if bundle.anchor["closing"] and still_open:
            account, seq = min(still_open)
            raise Fault("record-left-out", account=account, seq=seq)

        if self.erased + erased == 0:
            pick = self._repeat(bundle, spec, records)
        else:
            pick = self.state.get("pick") or stated.get("pick")
            verify_stated(spec, self.terms, bundle, self.state, settled, records)
        scores = [(entry["account"], *score) for entry in bundle["scores"] for score in entry["records"]]
        places = {place_of(record) for record in settled}
        state = conclude(self.state, bundle["results"], scores, bundle["reveals"], bundle["workers"], places, pick)
        _compare_conclusion(bundle, state)
        verify_items(spec, state)
        self._verify_owed(bundle, state)
        _compare_roots(bundle, state)
        _compare_header(bundle, header)

        self.state, self.previous, self.cut_at = state, header_hash(header), header["cutAt"]
        self.records += records
        self.erased += erased

    def _verify_identity(self, bundle, header):
        if bundle.campaign_id != self.campaign or header["campaignId"] != self.campaign:
            raise Fault("bundle-foreign")
        stated = bundle["terms"]
        if campaign_id(stated["terms"], stated) != self.campaign:
            raise Fault("terms-mismatch", root="terms")
        anchor = bundle.anchor
        if anchor["index"] != self.state["index"] or {header["previous"], anchor["previous"]} != {self.previous}:
            raise Fault("batch-order", root="previous")
        if hexed(hashlib.sha256(bundle.spec).digest()) != self.terms["specHash"]:
            raise Fault("spec-mismatch", root="spec")
        try:
            spec = Spec(bundle.spec)
        except shapes.Misshapen:
            raise Fault("spec-mismatch", root="spec") from None
        is_on_time = anchor["closing"] or anchor["cutAt"] % spec["batch"]["periodSeconds"] == 0
        if anchor["cutAt"] <= self.cut_at or not is_on_time:
            raise Fault("batch-order", root="cutAt")
        return spec

    def _verify_workers(self, bundle):
        heads = {chain["account"]: (chain["count"], chain["link"]) for chain in self.state["chains"]}
        seen = set()
        for worker in bundle["workers"]:
            account = worker["account"]
            if account in seen:
                raise Fault("chain-gap", account=account)
            seen.add(account)
            before = heads.get(account) or (0, first_link(self.campaign, account))
            verify_worker(worker, self.campaign, self.deployment, self.terms, bundle.anchor["cutAt"], before)
            self.done += len(worker["payloadHashes"])

    def _repeat(self, bundle, spec, records):
        items = list(dict.fromkeys(record["item"] for record in records))
        everything = self.records + records
        closing = bundle.anchor["closing"]
        try:
            results, scores, pick = settle(
                spec, self.terms, self.state, everything, items, bundle["reveals"], closing
            )
        except NotSettleable as fault:
            raise Fault("batch-invalid", item=fault.item) from None
        _compare_results(bundle, results)
        _compare_scores(bundle, scores, {place_of(record): record["item"] for record in records})
        return pick

    def _verify_owed(self, bundle, state):
        for worker in bundle["workers"]:
            account, least = worker["account"], worker["receipt"]["owedAtLeast"]
            if least < self.owed.get(account, 0):
                raise Fault("receipt-invalid", account=account)
            self.owed[account] = least
        paid = {payout["account"]: payout["amount"] for payout in bundle["payouts"]}
        pending = Counter(record["account"] for record in state["open"])
        for account, least in self.owed.items():
            if paid.get(account, 0) + self.terms["floorPay"] * pending[account] < least:
                raise Fault("payout-below-receipt", account=account)


def _read_state(bundle):
    try:
        return shapes.STATE(decode(bundle.state))
    except (NotCanonical, shapes.Misshapen):
        raise Fault("state-mismatch", root="state") from None


def _compare_results(bundle, results):
    stated = {}
    for result in bundle["results"]:
        if result["item"] in stated:
            raise Fault("result-mismatch", item=result["item"])
        stated[result["item"]] = digest(result)
    for result in results:
        if stated.pop(result["item"], None) != digest(result):
            raise Fault("result-mismatch", item=result["item"])
    for item in stated:
        raise Fault("result-mismatch", item=item)


def _compare_scores(bundle, scores, items):
    stated = {}
    for entry in bundle["scores"]:
        for seq, *values in entry["records"]:
            place = entry["account"], seq
            if place in stated:
                raise Fault("score-mismatch", account=place[0], seq=seq)
            stated[place] = values
    for account, seq, *values in scores:
        if stated.pop((account, seq), None) != values:
            raise Fault("score-mismatch", account=account, seq=seq, item=items[account, seq])
    for account, seq in stated:
        raise Fault("score-mismatch", account=account, seq=seq)


def _compare_conclusion(bundle, state):
    payouts = payouts_of(state)
    stated = {}
    for payout in bundle["payouts"]:
        if payout["account"] in stated:
            raise Fault("payout-mismatch", account=payout["account"])
        stated[payout["account"]] = payout["amount"]
    for payout in payouts:
        if stated.pop(payout["account"], None) != payout["amount"]:
            raise Fault("payout-mismatch", account=payout["account"])
    for account in stated:
        raise Fault("payout-mismatch", account=account)
    if bundle.anchor["payoutsTotal"] != sum(payout["amount"] for payout in payouts):
        raise Fault("total-mismatch", root="payoutsTotal")
    if {raw(bundle.anchor["state"]), hashlib.sha256(bundle.state).digest()} != {state_digest(state)}:
        raise Fault("state-mismatch", root="state")


def _compare_roots(bundle, state):
    campaign = state["campaignId"]
    roots = {
        "recordsRoot": records_root(campaign, state["chains"]),
        "resultsRoot": results_root(campaign, bundle["results"]),
        "payoutsRoot": payouts_root(campaign, bundle["payouts"]),
    }
    for name, root in roots.items():
        if bundle.anchor[name] != root:
            raise Fault("root-mismatch", root=name)


def _compare_header(bundle, header):
    for name, value in bundle.anchor.items():
        if header[name] != value:
            raise Fault("header-mismatch", root=name)
    if hexed(bundle.root) != header["bundle"]:
        raise Fault("bundle-digest-mismatch", root="bundle")


def _read_file(path):
    with open(path, "rb") as file:
        return file.read()


def main(arguments):
    """Verifies the bundles named on the command line."""
    if len(arguments) < 1:
        print(__doc__, file=sys.stderr)
        return 2
    verdicts = map(_verdict, map(json.loads, sys.stdin) if arguments == ["-"] else [arguments])
    is_ok = True
    for verdict in verdicts:
        print(json.dumps(verdict), flush=True)
        is_ok = is_ok and verdict["ok"]
    return 0 if is_ok else 1


def _verdict(paths):
    facts = shapes.FACTS(json.loads(_read_file(paths[0])))
    return Verifier(facts).verdict(_read_file(path) for path in paths[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
