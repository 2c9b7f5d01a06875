"""Mappings that ZigZag prices per second of processor time: its orders of loops (LOMA) for one 3x3 convolution on its own TPU-like array."""
import json
import logging
import os
import sys
import tempfile
import time
from importlib.metadata import version

import zigzag
from zigzag.api import get_hardware_performance_zigzag
from zigzag.cost_model.cost_model import CostModelEvaluation

logging.disable(logging.CRITICAL)
folder = tempfile.mkdtemp()
os.chdir(folder)
with open("layer.yaml", "w") as file:
    file.write("""- id: 0
  operator_type: Conv
  equation: O[b][k][oy][ox]+=W[k][c][fy][fx]*I[b][c][iy][ix]
  dimension_relations: [ix=1*ox+1*fx, iy=1*oy+1*fy]
  loop_dims: [B, K, C, OY, OX, FY, FX]
  loop_sizes: [1, 64, 32, 28, 28, 3, 3]
  operand_precision: {W: 8, I: 8, O: 16, O_final: 8}
  operand_source: {I: 0, W: 0}
""")

priced = 0
evaluate = CostModelEvaluation.run


def counted(self):
    global priced
    priced += 1
    return evaluate(self)


CostModelEvaluation.run = counted
inputs = os.path.join(os.path.dirname(zigzag.__file__), "inputs")
start = time.process_time()
output, sys.stdout = sys.stdout, open(os.devnull, "w")
get_hardware_performance_zigzag(workload="layer.yaml", accelerator=os.path.join(inputs, "hardware/tpu_like.yaml"), mapping=os.path.join(inputs, "mapping/tpu_like.yaml"), opt="EDP", dump_folder=folder, pickle_filename=os.path.join(folder, "out.pickle"), lpf_limit=6, loma_show_progress_bar=False)
sys.stdout = output
print(json.dumps({"perSecond": priced / (time.process_time() - start), "priced": priced, "version": version("zigzag-dse")}))
