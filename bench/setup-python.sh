#!/bin/sh
# Installs what benchmarks compare with: PyTorch from the distribution's packages (Debian or Ubuntu; needs root) and ZigZag into an
# environment of its own, bench/.python.
set -eu
# The distribution's own interpreter: another python3 in front of it would not see the packages.
PYTHON=${PYTHON:-/usr/bin/python3}
ENVIRONMENT=$(dirname "$0")/.python
# OpenBLAS beside it: with the reference BLAS alone, matrix products are forty times slower and the comparison would be worth nothing.
if "$PYTHON" -c "import torch" 2>/dev/null && dpkg -s libopenblas0-pthread python3-venv >/dev/null 2>&1; then
  echo "PyTorch and OpenBLAS are there"
else
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3-torch libopenblas0-pthread python3-venv
fi
"$PYTHON" -c "import torch; print('PyTorch', torch.__version__)"
# six is used by a package of ZigZag's that does not ask for it.
if ! "$ENVIRONMENT/bin/python" -c "import zigzag" 2>/dev/null; then
  "$PYTHON" -m venv "$ENVIRONMENT"
  "$ENVIRONMENT/bin/python" -m pip install --quiet zigzag-dse==3.9.1 six
fi
"$ENVIRONMENT/bin/python" -m pip list 2>/dev/null | grep zigzag-dse
