#!/usr/bin/env bash
# The language server of the program in Neovim, without a screen. Needs Neovim 0.7 or newer (skipped without) and a
# built program: target/debug/apicenter, or the one that APICENTER names. The last line is the count.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
if ! command -v nvim >/dev/null; then
    echo "skipped: no nvim"
    exit 0
fi
here=$PWD
APICENTER=$(realpath "${APICENTER:-../../target/debug/apicenter}")
export APICENTER
project=$(mktemp -d)
trap 'rm -rf "$project"' EXIT
cd "$project"
cat >apicenter.yaml <<'YAML'
apiVersion: apicenter/v1
kind: Project
metadata: {name: contoso}
spec:
  targets: {local: {emulator: {}}}
YAML
cat >environments.yaml <<'YAML'
apiVersion: apicenter/v1
kind: Environment
metadata: {name: prod}
spec: {title: Production, kind: production}
YAML
cat >orders.yaml <<'YAML'
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  titel: Orders
  kind: rest
  deployments:
    - name: main
      title: Main
      environment: prod
YAML
# What the file declares once its mistake is fixed is live, for the lenses.
sed -i.typed 's/titel/title/' orders.yaml
HOME=$project "$APICENTER" apply --auto-approve >/dev/null
mv orders.yaml.typed orders.yaml
# Its state and settings are not those of the user.
HOME=$project XDG_STATE_HOME=$project/.state nvim --headless -n -u NONE -i NONE \
    -c "lua local ok, problem = pcall(dofile, '$here/neovim.lua'); if not ok then io.stderr:write(problem .. '\\n'); vim.cmd('cquit!') end"
