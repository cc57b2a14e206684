"""Times crowd-kit on a crowd made like that of crowd.ts: peer.py <majority|dawidSkene> <labels> <workers> <iterations>."""

import json
import sys
import time

import numpy
import pandas
from crowdkit.aggregation import DawidSkene, MajorityVote

method, labels, workers, iterations = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
random = numpy.random.default_rng(1)
items, classes, per_item = labels // 5, 5, 5
skill = random.beta(6, 3, workers)
truth = random.integers(classes, size=items)
task = numpy.repeat(numpy.arange(items), per_item)
# A few workers answer an item twice; that changes no time.
worker = random.integers(workers, size=len(task))
wrong = (truth[task] + 1 + random.integers(classes - 1, size=len(task))) % classes
label = numpy.where(random.random(len(task)) < skill[worker], truth[task], wrong)
data = pandas.DataFrame({"task": task, "worker": worker, "label": label})
aggregator = MajorityVote() if method == "majority" else DawidSkene(n_iter=iterations)

start = time.process_time()
aggregator.fit_predict(data)
print(json.dumps({"seconds": time.process_time() - start}))
