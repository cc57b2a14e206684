"""The default method: four beliefs about a crowd, averaged, and calibrated (docs/protocol.md, section 10)."""

import math

from real import digamma_rise, exp, log

WEIGHTS = {"tablesFromVotes": 1, "tablesFromCoin": 1, "coin": 1, "agreement": 1}
_STRETCH = 16


class Votes:
    """Votes as numbers: per item a list of (worker, label); `known` has a label or None per item."""

    def __init__(self, votes, labels, known):
        accounts = sorted({account for item in votes.values() for account, _, _ in item})
        worker = {account: at for at, account in enumerate(accounts)}
        self.items = [[(worker[account], label) for account, label, _ in item] for item in votes.values()]
        self.workers, self.labels = len(accounts), labels
        self.known = [known.get(item) for item in votes]
        counts, total = [1] * labels, 0
        for item in self.items:
            for _, label in item:
                counts[label] += 1
                total += 1
        self.total = total
        self.shares = [count / (total + labels) for count in counts]

    def knowing(self, known):
        """The same votes, this known: per item a label or None."""
        other = object.__new__(Votes)
        other.__dict__ = {**self.__dict__, "known": known}
        return other

    def start(self):
        """Vote shares, the known label where one is."""
        rows = []
        for item, known in zip(self.items, self.known):
            row = [0.0] * self.labels
            if known is not None:
                row[known] = 1.0
            elif not item:
                row = [1 / self.labels] * self.labels
            else:
                for _, label in item:
                    row[label] += 1 / len(item)
            rows.append(row)
        return rows


class _Tables:
    """Expectation and maximization of workers' tables over `kinds` hidden states per class."""

    kinds = 1

    def __init__(self, votes, start):
        self.votes = votes
        self.width = votes.labels * self.kinds
        self.response = [[[0.0] * self.width for _ in range(votes.labels)] for _ in range(votes.workers)]
        self.states = self.split(start)
        self.repetition = 0
        self._repeat(25)

    def know(self, votes, most):
        """Goes on, with other items known."""
        self.votes = votes
        for at, known in enumerate(votes.known):
            if known is not None:
                row = self._of_class(self.states[at], known)
                if all(share == 0 for share in row):
                    row = self._of_class([1.0] * self.width, known)
                self.states[at] = _normal(row)
        self._repeat(most)

    def _of_class(self, row, label):
        return [share if state // self.kinds == label else 0.0 for state, share in enumerate(row)]

    def _repeat(self, most):
        votes = self.votes
        for _ in range(most):
            self._count()
            self.maximize(self.repetition)
            self.repetition += 1
            moved = 0.0
            for at in range(len(votes.items)):
                row = self._row(at, None)
                known = votes.known[at]
                if known is not None:
                    row = self._of_class(row, known)
                row = _normal(row)
                before = self.states[at]
                largest = 0.0
                for label in range(votes.labels):
                    change = 0.0
                    for state in range(label * self.kinds, (label + 1) * self.kinds):
                        change += row[state] - before[state]
                    largest = max(largest, abs(change))
                moved += largest
                self.states[at] = row
            if moved < 3e-4 * len(votes.items):
                break
        self.posterior = [self._classes(row) for row in self.states]

    def without(self, at, left_out):
        """Per label, without the vote at this place of the item."""
        return self._classes(_normal(self._row(at, left_out)))

    def _count(self):
        self.counts = [[[0.0] * self.width for _ in range(self.votes.labels)] for _ in range(self.votes.workers)]
        self.state_counts = [0.0] * self.width
        for item, row in zip(self.votes.items, self.states):
            for state, share in enumerate(row):
                self.state_counts[state] += share
            for worker, label in item:
                cell = self.counts[worker][label]
                for state, share in enumerate(row):
                    cell[state] += share

    def _row(self, at, left_out):
        item = self.votes.items[at]
        row = list(self.prior)
        first = 0
        while first < len(item):
            if first == left_out:
                first += 1
            end = min(len(item), first + _STRETCH)
            if left_out is not None and first <= left_out < end:
                end = left_out
            for worker, label in item[first:end]:
                cell = self.response[worker][label]
                row = [share * response for share, response in zip(row, cell)]
            if end < len(item):
                largest = max(row)
                row = [share / largest for share in row]
            first = end
        return row

    def _classes(self, row):
        if self.kinds == 1:
            return list(row)
        shares = []
        for label in range(self.votes.labels):
            share = 0.0
            for state in range(label * self.kinds, (label + 1) * self.kinds):
                share += row[state]
            shares.append(min(1.0, share))
        return shares

    def _in_state(self, worker):
        """Expected labels of a worker per state."""
        sums = [0.0] * self.width
        for cell in self.counts[worker]:
            for state, count in enumerate(cell):
                sums[state] += count
        return sums


class Coin(_Tables):
    """One accuracy per worker."""

    def split(self, start):
        return [list(row) for row in start]

    def maximize(self, _):
        votes, labels = self.votes, self.votes.labels
        self.prior = [math.sqrt(share) for share in votes.shares]
        rights = []
        for counts in self.counts:
            right = 0.0
            for label in range(labels):
                right += counts[label][label]
            rights.append(right)
        crowd = 0.0
        for right in rights:
            crowd += right
        crowd = crowd / votes.total
        for worker, counts in enumerate(self.counts):
            given = 0.0
            for cell in counts:
                for count in cell:
                    given += count
            share = (rights[worker] + 10 * crowd) / (given + 10)
            accuracy = min(0.9999, max(1 / labels, share))
            for label in range(labels):
                for truth in range(labels):
                    wrong = ((1 - accuracy) * votes.shares[label]) / (1 - votes.shares[truth])
                    self.response[worker][label][truth] = accuracy if label == truth else wrong


class Tables(_Tables):
    """Workers' tables drawn around the crowd's, over clear and hard items of each class."""

    kinds = 2

    def split(self, start):
        labels = self.votes.labels
        self._ability = [1.0] * self.votes.workers
        self._strength = 10.0
        self._given = [[0] * labels for _ in range(self.votes.workers)]
        for item in self.votes.items:
            for worker, label in item:
                self._given[worker][label] += 1
        rows = []
        for row in start:
            e = (max(row) - 1 / labels) / (1 - 1 / labels)
            clear = exp(-4 * (e - 1) * (e - 1)) + 0.05
            hard = exp(-4 * e * e) + 0.05
            rows.append([(share * u) / (clear + hard) for share in row for u in (clear, hard)])
        return rows

    def maximize(self, repetition):
        shares, labels = self.votes.shares, self.votes.labels
        self.prior = []
        for label in range(labels):
            clear, hard = self.state_counts[2 * label : 2 * label + 2]
            self.prior += [(shares[label] * (count + 0.5)) / (0.0 + clear + hard + 1) for count in (clear, hard)]
        in_state = [self._in_state(worker) for worker in range(self.votes.workers)]
        pooled = self._pool(in_state)
        expected = [self._expect(worker, in_state[worker], pooled) for worker in range(self.votes.workers)]
        if 1 <= repetition <= 9:
            self._fit_strength(expected, in_state)
        s = self._strength
        for worker, table in enumerate(expected):
            for label in range(labels):
                for state in range(self.width):
                    count = self.counts[worker][label][state]
                    self.response[worker][label][state] = (count + s * table[label][state]) / (
                        in_state[worker][state] + s
                    )

    def _pool(self, in_state):
        labels, shares = self.votes.labels, self.votes.shares
        pooled = [
            [0.5 * labels * shares[label] + (1 if label == state // 2 else 0) for label in range(labels)]
            for state in range(self.width)
        ]
        for worker, counts in enumerate(self.counts):
            for label in range(labels):
                for state in range(self.width):
                    pooled[state][label] += (counts[label][state] * 31) / (30 + in_state[worker][state])
        return [_normal(row) for row in pooled]

    def _expect(self, worker, in_state, pooled):
        labels, shares = self.votes.labels, self.votes.shares
        ability = self._ability[worker]
        expected = [0.0] * labels
        for state, row in enumerate(pooled):
            right = row[state // 2]
            scale = in_state[state] / (1 - right + right * ability)
            for label in range(labels):
                expected[label] += scale * (right * ability if label == state // 2 else row[label])
        habit = [
            (self._given[worker][label] + 5 * shares[label]) / (expected[label] + 5 * shares[label])
            for label in range(labels)
        ]
        normal, right_labels, expected_right, given = [], 0.0, 0.0, 0.0
        for state, row in enumerate(pooled):
            total = 0.0
            for label in range(labels):
                total += row[label] * habit[label]
            normal.append(total)
            right_labels += self.counts[worker][state // 2][state]
            expected_right += (in_state[state] * row[state // 2] * habit[state // 2]) / total
            given += in_state[state]
        share = min(1 - 1e-6, max(1e-6, expected_right / given))
        right_weight = right_labels + 5 * share
        wrong_weight = max(0, given - right_labels) + 5 * (1 - share)
        self._ability[worker] = ability = ((right_weight / wrong_weight) * (1 - share)) / share
        table = [[0.0] * self.width for _ in range(labels)]
        for state, row in enumerate(pooled):
            right = state // 2
            total = normal[state] + row[right] * habit[right] * (ability - 1)
            for label in range(labels):
                weight = row[label] * habit[label] * (ability if label == right else 1)
                table[label][state] = (weight / total) * (1 - 1e-3) + 1e-3 / labels
        return table

    def _fit_strength(self, expected, in_state):
        for _ in range(5):
            s, within, between = self._strength, 0.0, 0.0
            for worker, table in enumerate(expected):
                for state in range(self.width):
                    given = 0.0
                    for label in range(self.votes.labels):
                        count, share = self.counts[worker][label][state], table[label][state]
                        given += count
                        if count > 1e-9:
                            within += share * digamma_rise(s * share, count)
                    if given > 1e-6:
                        between += digamma_rise(s, given)
            self._strength = min(200, max(0.5, (s * (within + 1e-3)) / (between + 1e-3)))


class Agreement:
    """Votes weighted by how often a worker agrees with the majority."""

    def __init__(self, votes):
        self._votes = votes
        agreed, given = [1.0] * votes.workers, [2.0] * votes.workers
        for item, known in zip(votes.items, votes.known):
            counts = [0] * votes.labels
            for _, label in item:
                counts[label] += 1
            most = [known] if known is not None else [at for at, count in enumerate(counts) if count == max(counts)]
            for worker, label in item:
                given[worker] += 1
                if label in most:
                    agreed[worker] += 1 / len(most)
        self._weight = [right / total for right, total in zip(agreed, given)]
        self.posterior = [
            self.without(at, None) if known is None else [1.0 if label == known else 0.0 for label in range(votes.labels)]
            for at, known in enumerate(votes.known)
        ]

    def without(self, at, left_out):
        """Per label, without the vote at this place of the item."""
        row, total = [0.0] * self._votes.labels, 0.0
        for place, (worker, label) in enumerate(self._votes.items[at]):
            if place != left_out:
                row[label] += self._weight[worker]
                total += self._weight[worker]
        return [share / total for share in row] if total > 0 else [1 / len(row)] * len(row)


class Auto:
    """The mixture of a pick, before calibration."""

    def __init__(self, votes, weights):
        self._weights = weights
        self._coin = Coin(votes, votes.start())
        self._tables = [Tables(votes, votes.start()), Tables(votes, self._coin.posterior)]
        self._average(votes)

    def know(self, votes):
        """Goes on, with other items known."""
        for tables in self._tables:
            tables.know(votes, 5)
        self._coin.know(votes, 25)
        self._average(votes)

    def _average(self, votes):
        weights = self._weights
        self._members = [
            (weights["tablesFromVotes"], self._tables[0]),
            (weights["tablesFromCoin"], self._tables[1]),
            (weights["coin"], self._coin),
            (weights["agreement"], Agreement(votes)),
        ]
        self.posterior = [self._mix(lambda fit: fit.posterior[at]) for at in range(len(votes.items))]

    def without(self, at, left_out):
        """Per label, without the vote at this place of the item."""
        return self._mix(lambda fit: fit.without(at, left_out))

    def _mix(self, row_of):
        mixed, total = None, 0
        for weight, fit in self._members:
            row = row_of(fit)
            mixed = [old + weight * share for old, share in zip(mixed or [0.0] * len(row), row)]
            total += weight
        return [share / total for share in mixed]


def answer(votes, weights, target, least):
    """The mixture under a pick, its posterior as sure as it is right where the answer is known, and what stays known.

    The crowd overrules a known answer where, knowing none, it gives another one with `target` millionths or more, by at
    least `least` votes.
    """
    none = [None] * len(votes.items)
    fit = Auto(votes.knowing(none), weights)
    free, shared = fit.posterior, _shared(votes, fit.posterior)
    offset, slope = _newton(free, votes.known, 0.1 + -3.5 * shared)
    unaware = _newton(free, none, 0.1 + -3.5 * shared)
    standing = [
        None if known is None or _is_overruled(_sharpen(row, *unaware), known, item, target, least) else known
        for item, row, known in zip(votes.items, free, votes.known)
    ]
    if any(known is not None for known in standing):
        fit.know(votes.knowing(standing))
    posterior = [
        list(row) if known is not None else _sharpen(row, offset, slope) for row, known in zip(fit.posterior, standing)
    ]
    return fit, posterior, standing


def _is_overruled(row, known, item, target, least):
    shares = [math.floor(share * 1_000_000 + 0.5) for share in row]
    return len(item) >= max(2, least) and max(shares) >= target and shares[known] < max(shares)


def _newton(free, known, expected):
    points = [
        (_logit(max(row)), 1 if row.index(max(row)) == label else 0)
        for row, label in zip(free, known)
        if label is not None
    ]
    u, v = 1 / (0.45 * 0.45), 1 / (0.3 * 0.3)
    offset, slope = expected, 1
    for _ in range(20):
        a, b, aa, ab, bb = (expected - offset) * u, (1 - slope) * v, u, 0, v
        for x, right in points:
            p = _sigmoid(offset + slope * x)
            a += right - p
            b += (right - p) * x
            aa += p * (1 - p)
            ab += p * (1 - p) * x
            bb += p * (1 - p) * x * x
        determinant = aa * bb - ab * ab
        i, j = (bb * a - ab * b) / determinant, (aa * b - ab * a) / determinant
        length = max(1, abs(i), abs(j))
        offset, slope = offset + i / length, slope + j / length
    return offset, slope


def _shared(votes, free):
    """Correlation of being right between two votes of an item, beyond what workers' accuracies explain."""
    right, labels, everyone = [0.0] * votes.workers, [0.0] * votes.workers, 0.0
    for item, row in zip(votes.items, free):
        for worker, label in item:
            right[worker] += row[label]
            labels[worker] += 1
            everyone += row[label]
    imagined = 10 * (everyone / max(1, votes.total))
    accuracy = [min(1, (of + imagined) / (count + 10)) for of, count in zip(right, labels)]
    together, possible = 0.0, 1.0
    for item, row in zip(votes.items, free):
        deviations, variances = 0.0, 0.0
        for worker, _ in item:
            variance = accuracy[worker] * (1 - accuracy[worker])
            deviations += math.sqrt(variance)
            variances += variance
        possible += deviations * deviations - variances
        for k, share in enumerate(row):
            total, squares = 0.0, 0.0
            for worker, label in item:
                surprise = (1 if label == k else 0) - accuracy[worker]
                total += surprise
                squares += surprise * surprise
            together += share * (total * total - squares)
    return max(0, together / possible)


def _sharpen(row, offset, slope):
    top = row.index(max(row))
    rest = 1 - row[top]
    second = max([0.0] + [share for at, share in enumerate(row) if at != top])
    lead = 1 + 1e-6
    close = min(row[top], second * lead)
    least = close / (rest + close) if rest > 0 else lead / len(row)
    confidence = max(least, _sigmoid(offset + slope * _logit(row[top])))
    others = [(share * (1 - confidence)) / rest if rest > 0 else (1 - confidence) / (len(row) - 1) for share in row]
    return [confidence if at == top else min(confidence, share) for at, share in enumerate(others)]


def _logit(p):
    doubted = p * (1 - 2 * 0.02) + 0.02
    return log(doubted / (1 - doubted))


def _sigmoid(x):
    return 1 / (1 + exp(-x))


def _normal(row):
    total = 0.0
    for share in row:
        total += share
    return [share / total for share in row]
