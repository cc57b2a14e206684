"""Prints the golden vectors of real functions (the JSON file named) that this implementation does not give, as JSON."""

import json
import sys

import real

if __name__ == "__main__":
    with open(sys.argv[1], "rb") as file:
        vectors = json.load(file)
    wrong = [
        [name, vector["x"]]
        for name, rows in vectors.items()
        for vector in rows
        if getattr(real, name)(vector["x"]) != vector["value"]
    ]
    print(json.dumps({"replayed": sum(map(len, vectors.values())), "wrong": wrong}))
