#!/bin/sh
# Installs what benchmarks compare with: PyTorch from the distribution's packages (Debian or Ubuntu; needs root).
set -eu
# The distribution's own interpreter: another python3 in front of it would not see the packages.
PYTHON=${PYTHON:-/usr/bin/python3}
if "$PYTHON" -c "import torch" 2>/dev/null; then echo "PyTorch is there"; exit 0; fi
apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends python3-torch
"$PYTHON" -c "import torch; print('PyTorch', torch.__version__)"
