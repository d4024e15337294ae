#!/usr/bin/env bash
# The official command line (az), unmodified, against the emulator over https. Not part of .ci/run, because
# installing azure-cli takes minutes; the run itself takes less than one. Needs a built program
# (target/debug/apicenter, or the one that APICENTER names) and az: the one that AZ names, or the one in the
# path; to install it: python3 -m venv az && az/bin/pip install azure-cli==2.91.0
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
readonly PROGRAM="${APICENTER:-${CARGO_TARGET_DIR:-$PWD/../../target}/debug/apicenter}"
readonly AZ="${AZ:-az}"
WORK="$(mktemp -d)"
readonly WORK
emulator=''
checks=0
trap '[[ -z "$emulator" ]] || kill "$emulator"; rm -rf "$WORK"' EXIT

# All that the client needs to know besides the address: whom to trust. No proxy leads to loopback.
export REQUESTS_CA_BUNDLE="$WORK/ca.pem" NO_PROXY=127.0.0.1,localhost AZURE_CONFIG_DIR="$WORK/config" \
    AZURE_CORE_COLLECT_TELEMETRY=0 AZURE_CORE_INSTANCE_DISCOVERY=false

serve() {
    "$PROGRAM" -q emulator --https --certificate "$WORK/ca.pem" --require-login > "$WORK/address" &
    emulator=$!
    for _ in $(seq 100); do
        [[ -s "$WORK/address" ]] && break
        sleep 0.1
    done
    address="$(cat "$WORK/address")"
}

# expect WORDS ARGUMENTS...: the output of az with these arguments, its lines joined by blanks.
expect() {
    local wanted="$1" found
    shift
    found="$("$AZ" "$@" --only-show-errors --output tsv | paste -sd ' ')"
    if [[ "$found" != "$wanted" ]]; then
        echo "az $*: '$found' instead of '$wanted'" >&2
        exit 1
    fi
    checks=$((checks + 1))
}

serve
expect '' cloud register --name emulator --endpoint-resource-manager "$address" \
    --endpoint-active-directory "$address" --endpoint-active-directory-resource-id "$address" \
    --endpoint-active-directory-graph-resource-id "$address"
expect '' cloud set --name emulator
expect 'Enabled' login --service-principal --username any --password any \
    --tenant 22222222-2222-4222-8222-222222222222 --query '[].state'
expect 'rg' group create --name rg --location westeurope --query name

api=(--resource-group rg --service-name contoso-apim)
expect 'catalog notifications orders-v1 orders-v2 payments payments;rev=2 shipping storefront-tools' \
    apim api list "${api[@]}" --query '[].name'
expect 'Payments' apim api show "${api[@]}" --api-id payments --query displayName
expect 'echo' apim api create "${api[@]}" --api-id echo --path /echo --display-name Echo --query path
expect 'New' apim api update "${api[@]}" --api-id echo --description New --query description
expect 'openapi-link' apim api export "${api[@]}" --api-id payments --export-format OpenApiYamlUrl \
    --query properties.format
expect '' apim api export "${api[@]}" --api-id payments --export-format OpenApiJsonFile --file-path "$WORK"
grep -q '"Payments"' "$WORK/payments_openapi+json.json"
expect 'pay refund' apim api operation list "${api[@]}" --api-id payments --query '[].name'
expect '1 2' apim api revision list "${api[@]}" --api-id payments --query '[].apiRevision'
expect 'orders' apim api versionset list "${api[@]}" --query '[].name'
expect 'graphql' apim api schema list "${api[@]}" --api-id catalog --query '[].name'
expect '' apim api delete "${api[@]}" --api-id echo --delete-revisions true --yes
expect 'contoso-apim' apim list --resource-group rg --query '[].name'
expect 'Succeeded' apim show --resource-group rg --name contoso-apim --query provisioningState
expect 'AlreadyExists' apim check-name --name contoso-apim --query reason

expect 'reader' identity create --resource-group rg --name reader --location westeurope --query name
expect 'reader' identity list --resource-group rg --query '[].name'
expect 'Microsoft.ApiManagement/service Microsoft.ManagedIdentity/userAssignedIdentities' \
    resource list --resource-group rg --query 'sort([].type)'
expect '' identity delete --resource-group rg --name reader
echo "az: $checks checks"
