"""From records to probabilities, to the last bit."""

import math

import auto
from real import exp, log


def quantize(value: float) -> int:
    """A share in whole millionths, halves up."""
    return math.floor(value * 1_000_000 + 0.5)


def counting_records(records):
    """Of each worker, item and kind the last record; by item, account, seq."""
    last = {}
    for record in records:
        key = (record["item"], record["account"], record["kind"])
        if key not in last or last[key]["seq"] < record["seq"]:
            last[key] = record
    return sorted(last.values(), key=lambda record: (record["item"], record["account"], record["seq"]))


class Fit:
    """One fit over records: votes by item, and probabilities of the labels with all votes or without one."""

    def __init__(self, spec, records, gold, pick=None):
        self.labels = spec.labels
        index = {label: at for at, label in enumerate(self.labels)}
        #: Per item, in code-point order: its counting records, and of those that name a label (account, label, record).
        self.records, self.votes = {}, {}
        for record in counting_records(records):
            self.records.setdefault(record["item"], []).append(record)
            votes = self.votes.setdefault(record["item"], [])
            label = index.get(spec.label_of(record))
            if label is not None:
                votes.append((record["account"], label, record))
        self.known = {item: index[gold[item]] for item in self.votes if item in gold}
        #: What the state keeps of the pick of a method.
        self.pick = pick
        name = spec["consensus"]["method"]
        if name == "auto":
            self._method = _Auto(self, spec["redundancy"])
        else:
            self._method = _Majority(self) if name == "majority" else _DawidSkene(self)

    def probabilities(self, item):
        """Per label, under all votes; the known answer of gold."""
        return self._method.posterior[item]

    def without(self, item, left_out):
        """Per label, without the own likelihood of the vote at this place."""
        return self._method.without(item, left_out)


def _imagined_votes(width):
    """Per truth one vote spread over the labels, and one for the truth itself."""
    spread = 1 / width
    return [[spread + 1 if label == truth else spread for label in range(width)] for truth in range(width)]


def _certain(width, label):
    return [1.0 if at == label else 0.0 for at in range(width)]


class _Auto:
    def __init__(self, fit, redundancy):
        votes = auto.Votes(fit.votes, len(fit.labels), fit.known)
        pick = fit.pick or {"method": "auto", "version": 1, "weights": auto.WEIGHTS}
        fit.pick = pick if votes.total >= 100 else None
        target, least = redundancy["targetConfidence"], redundancy["min"]
        self._mixture, posterior, standing = auto.answer(votes, pick["weights"], target, least)
        fit.known = {item: label for item, label in zip(fit.votes, standing) if label is not None}
        self._place = {item: at for at, item in enumerate(fit.votes)}
        self.posterior = dict(zip(fit.votes, posterior))

    def without(self, item, left_out):
        return self._mixture.without(self._place[item], left_out)


class _Majority:
    def __init__(self, fit):
        self._fit = fit
        width = len(fit.labels)
        self.posterior = {
            item: _certain(width, fit.known[item]) if item in fit.known else self.without(item, None)
            for item in fit.votes
        }

    def without(self, item, left_out):
        width = len(self._fit.labels)
        counts = [0] * width
        for at, (_, label, _) in enumerate(self._fit.votes[item]):
            if at != left_out:
                counts[label] += 1
        return [(count + 1) / (sum(counts) + width) for count in counts]


class _DawidSkene:
    def __init__(self, fit):
        self._fit = fit
        self._width = width = len(fit.labels)
        self.posterior = {item: self._start(item) for item in fit.votes}
        for _ in range(200):
            self._fit_workers()
            self._fit_prior()
            largest = 0.0
            for item, before in self.posterior.items():
                if item in fit.known:
                    continue
                after = self.without(item, None)
                for label in range(width):
                    largest = max(largest, abs(after[label] - before[label]))
                self.posterior[item] = after
            if largest < 1e-6:
                break

    def _start(self, item):
        if item in self._fit.known:
            return _certain(self._width, self._fit.known[item])
        votes = self._fit.votes[item]
        if not votes:
            return [1 / self._width] * self._width
        row = [0.0] * self._width
        for _, label, _ in votes:
            row[label] += 1 / len(votes)
        return row

    def _fit_workers(self):
        """Per account and truth the logarithms of the probabilities of its labels."""
        width = self._width
        self._confusion = confusion = {}
        for item, votes in self._fit.votes.items():
            for account, label, _ in votes:
                rows = confusion.setdefault(account, _imagined_votes(width))
                for truth in range(width):
                    rows[truth][label] += self.posterior[item][truth]
        for rows in confusion.values():
            for row in rows:
                total = 0.0
                for value in row:
                    total += value
                row[:] = [log(value / total) for value in row]

    def _imagined_rows(self):
        rows = [[1 / self._width] * self._width for _ in range(self._width)]
        for truth, row in enumerate(rows):
            row[truth] += 1
        return rows

    def _fit_prior(self):
        row = [1.0] * self._width
        for posterior in self.posterior.values():
            for label in range(self._width):
                row[label] += posterior[label]
        total = len(self.posterior) + self._width
        self._prior = [log(value / total) for value in row]

    def without(self, item, left_out):
        row = list(self._prior)
        for at, (account, label, _) in enumerate(self._fit.votes[item]):
            if at != left_out:
                for truth in range(self._width):
                    row[truth] += self._confusion[account][truth][label]
        largest = max(row)
        row = [exp(value - largest) for value in row]
        total = 0.0
        for value in row:
            total += value
        return [value / total for value in row]
