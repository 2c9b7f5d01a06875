"""PyTorch behind standard input and output: a line {network, steps} is answered with the milliseconds of each training step.

usage: python3 torch_peer.py THREADS. The networks are those of networks.mjs; layers are written as PyTorch's documentation does.
Adder layers are unfold and cdist with p = 1, the fastest way without kernels of one's own (its gradients are the exact signs).
"""
import json
import resource
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(1)


class Adder(nn.Module):
    def __init__(self, inputs, outputs, stride=1):
        super().__init__()
        self.stride = stride
        self.weight = nn.Parameter(torch.randn(outputs, inputs * 9) * 0.3)

    def forward(self, x):
        batch, _, height, width = x.shape
        patches = F.unfold(x, 3, padding=1, stride=self.stride).transpose(1, 2).reshape(-1, self.weight.shape[1])
        y = -torch.cdist(patches, self.weight, p=1.0)
        shape = (batch, -(-height // self.stride), -(-width // self.stride), self.weight.shape[0])
        return y.reshape(shape).permute(0, 3, 1, 2)


class Block(nn.Module):
    """A transformer block with pre-normalization."""

    def __init__(self, width, heads, hidden):
        super().__init__()
        self.heads = heads
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.inputs, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        size = width // self.heads
        query, key, value = self.inputs(self.first(x)).reshape(batch, tokens, 3, self.heads, size).permute(2, 0, 3, 1, 4)
        attention = (query @ key.transpose(-1, -2) * size ** -0.5).softmax(-1)
        x = x + self.out((attention @ value).transpose(1, 2).reshape(batch, tokens, width))
        return x + self.down(F.gelu(self.up(self.second(x))))


class Bottleneck(nn.Module):
    """MobileNetV2's inverted bottleneck."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        wide = 6 * inputs
        self.residual = stride == 1 and inputs == outputs
        self.body = nn.Sequential(
            nn.Conv2d(inputs, wide, 1, bias=False), nn.BatchNorm2d(wide), nn.ReLU6(),
            nn.Conv2d(wide, wide, 3, stride, 1, groups=wide, bias=False), nn.BatchNorm2d(wide), nn.ReLU6(),
            nn.Conv2d(wide, outputs, 1, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return x + self.body(x) if self.residual else self.body(x)


def layer(kind, inputs, outputs, stride=1):
    first = Adder(inputs, outputs, stride) if kind == "adder" else nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
    return [first, nn.BatchNorm2d(outputs), nn.ReLU()]


def head(width):
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(width, 10)]


def plain(strides):
    layers = [part for i, stride in enumerate(strides) for part in layer("conv", 1 if i == 0 else 32, 32, stride)]
    return nn.Sequential(*layers, *head(32)), torch.randn(64, 1, 28, 28)


class MeanOverTokens(nn.Module):
    def forward(self, x):
        return x.mean(1)


def transformer():
    return nn.Sequential(*[Block(128, 4, 256) for _ in range(4)], MeanOverTokens(), nn.Linear(128, 10)), torch.randn(64, 50, 128)


def mobile():
    layers = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU6()]
    inputs = 16
    for outputs, stride in [(16, 1), (24, 2), (24, 1), (32, 2), (32, 1), (64, 1)]:
        layers.append(Bottleneck(inputs, outputs, stride))
        inputs = outputs
    return nn.Sequential(*layers, *head(64)), torch.randn(64, 3, 32, 32)


def adder_network():
    layers = layer("conv", 3, 16) + layer("adder", 16, 32) + layer("adder", 32, 32, 2) + layer("adder", 32, 64)
    return nn.Sequential(*layers, *head(64)), torch.randn(32, 3, 16, 16)


NETWORKS = {
    "CNN A": lambda: plain([1, 2, 1, 2]),
    "CNN B": lambda: plain([1, 1, 1, 1]),
    "ViT": transformer,
    "MobileNetV2-like": mobile,
    "adder network": adder_network,
}


def training_step(name):
    if name == "adder layer":
        x, module = torch.randn(32, 64, 16, 16, requires_grad=True), Adder(64, 64)

        def step():
            x.grad = module.weight.grad = None
            loss = module(x).sum()
            loss.backward()
            return loss.item()

        return step
    network, images = NETWORKS[name]()
    labels = torch.arange(images.shape[0]) % 10
    optimizer = torch.optim.SGD(network.parameters(), 0.05, 0.9)

    def step():
        optimizer.zero_grad()
        loss = F.cross_entropy(network(images), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    steps = {}
    print(json.dumps({"description": f"PyTorch {torch.__version__}, {torch.get_num_threads()} thread(s)", "reasons": []}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        name = request["network"]
        if name not in steps:
            steps[name] = training_step(name)
        times, loss, before = [], 0.0, cpu_seconds()
        for _ in range(request["steps"]):
            started = time.perf_counter()
            loss = steps[name]()
            times.append((time.perf_counter() - started) * 1e3)
        print(json.dumps({"times": times, "loss": loss, "cpu": (cpu_seconds() - before) * 1e3 / request["steps"]}), flush=True)


main()
