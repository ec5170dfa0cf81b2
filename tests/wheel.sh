#!/bin/sh
# Build the wheel, install it where no source is at hand, and run the tests against it.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python -m hatchling build -t wheel -d "$folder/dist"
python -m pip install --quiet --disable-pip-version-check --no-deps --target "$folder/site" "$folder"/dist/*.whl
cp -R tests params.yaml pyproject.toml dvc.yaml "$folder"
cd "$folder"
PYTHONPATH="$folder/site" python -c "import custody, pathlib, sys; sys.exit(pathlib.Path(custody.__file__).parent != pathlib.Path('$folder/site/custody'))"
PYTHONPATH="$folder/site" python -m pytest -q -n auto -o pythonpath=tests -p no:cacheprovider tests/policy tests/records tests/governance \
  tests/engine tests/sources tests/quality tests/privacy tests/release tests/repository tests/synth
