"""Costs of random networks from per-layer tables, as once-for-all style latency estimators look them up: a dictionary per layer, keyed by what the layer is."""
import json
import random
import sys
import time

layers, options, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
generator = random.Random(0)
table = {f"layer{layer}-block{option}": {"mean": generator.random()} for layer in range(layers) for option in range(options)}
architectures = [[generator.randrange(options) for _ in range(layers)] for _ in range(2000)]


def cost(architecture):
    total = 0.0
    for layer, option in enumerate(architecture):
        total += table[f"layer{layer}-block{option}"]["mean"]
    return total


count, start = 0, time.process_time()
while time.process_time() - start < seconds:
    for architecture in architectures:
        cost(architecture)
    count += len(architectures)
print(json.dumps({"perSecond": count / (time.process_time() - start), "python": sys.version.split()[0]}))
