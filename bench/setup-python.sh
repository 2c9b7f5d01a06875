#!/bin/sh
# Installs what benchmarks compare with: PyTorch from the distribution's packages (Debian or Ubuntu; needs root).
set -eu
# The distribution's own interpreter: another python3 in front of it would not see the packages.
PYTHON=${PYTHON:-/usr/bin/python3}
# OpenBLAS beside it: with the reference BLAS alone, matrix products are forty times slower and the comparison would be worth nothing.
if "$PYTHON" -c "import torch" 2>/dev/null && dpkg -s libopenblas0-pthread >/dev/null 2>&1; then echo "PyTorch and OpenBLAS are there"; exit 0; fi
apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3-torch libopenblas0-pthread
"$PYTHON" -c "import torch; print('PyTorch', torch.__version__)"
