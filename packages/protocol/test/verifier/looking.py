"""The second rule of quality: how likely an answer came from looking at the item."""

MILLION = 1_000_000


def looked_qualities(fit, results):
    """Per record, by its id, the quality of what is said in votes of all items and rejections of these results."""
    said = _votes(fit) + _rejections(fit, results)
    responses = _responses(said)
    usual = _usual(said, responses)
    qualities = {}
    for record, account, others, habit in said:
        response = responses[account]
        by_looking = response * others
        looked = by_looking / (by_looking + (1 - response) * habit)
        qualities[id(record)] = min(1.0, looked / usual) * min(1.0, response / usual)
    return qualities


def _votes(fit):
    """(record, account, others, habit) of every vote, by item, account, seq."""
    votes = [(item, at, *vote) for item, votes in fit.votes.items() for at, vote in enumerate(votes)]
    everyone, own, counts = [0] * len(fit.labels), {}, {}
    for _, _, account, label, _ in votes:
        everyone[label] += 1
        own[account, label] = own.get((account, label), 0) + 1
        counts[account] = counts.get(account, 0) + 1
    said = []
    for item, at, account, label, record in votes:
        habit = (own[account, label] + 2 * everyone[label] / len(votes)) / (counts[account] + 2)
        if item in fit.known:
            others = 1.0 if fit.known[item] == label else 0.0
        elif len(fit.votes[item]) == 1:
            others = habit
        else:
            others = fit.without(item, at)[label]
        said.append((record, account, others, habit))
    return said


def _rejections(fit, results):
    """The same of rejections without a label among these results, by item, account, seq."""
    settled = {result["item"]: result for result in results}
    reviews, bare = {}, []
    for item in sorted(settled):
        voted = {id(record) for _, _, record in fit.votes[item]}
        for record in fit.records[item]:
            if record["kind"] != "review":
                continue
            count = reviews.setdefault(record["account"], [0, 0])
            count[0] += 1
            if id(record) not in voted:
                count[1] += 1
                bare.append(record)
    said = []
    for record in bare:
        every, rejected = reviews[record["account"]]
        habit = (rejected + 1) / (every + 2)
        doubt = (MILLION - settled[record["item"]]["confidence"]) / MILLION
        said.append((record, record["account"], doubt if fit.votes[record["item"]] else habit, habit))
    return said


def _responses(said):
    """Per account the most probable share of answers that came from looking, by halving."""
    accounts = {account for _, account, _, _ in said}
    low, high = dict.fromkeys(accounts, 0.0), dict.fromkeys(accounts, 1.0)
    for _ in range(40):
        middle = {account: (low[account] + high[account]) / 2 for account in accounts}
        slope = {account: 1 / middle[account] - 3 / (1 - middle[account]) for account in accounts}
        for _, account, others, habit in said:
            at = middle[account]
            slope[account] += (others - habit) / (at * others + (1 - at) * habit)
        for account in accounts:
            (low if slope[account] > 0 else high)[account] = middle[account]
    return middle


def _usual(said, responses):
    squares = total = 0.0
    for _, account, _, _ in said:
        squares += responses[account] * responses[account]
        total += responses[account]
    return 0.35 if total == 0 else max(0.35, squares / total)
