# shellcheck shell=bash
# The pipelines of the night, one night after the other: what is edited in the portal, what is merged, and what becomes
# of the branch, the pull request and the issue. Read by run.sh, whose functions and variables these use.

readonly DRIFT_BRANCH=apicenter-drift-prod
# Whatever runs it leaves a file.
# shellcheck disable=SC2016
readonly HOSTILE='$(touch pwned) `touch pwned` "; touch pwned #'

# portal METHOD PATH [BODY]: what somebody does in the portal of the service of a forge.
portal() {
    curl --fail --silent --show-error --request "$1" --header 'authorization: Bearer t' ${3:+--json "$3"} \
        "${url:?}/subscriptions/$SUBSCRIPTION/resourceGroups/rg/providers/Microsoft.ApiCenter/services/nights-$ci$2?api-version=2024-03-01"
}

# retitled KIND/NAME TITLE
retitled() {
    local body
    body="$(portal GET "/workspaces/default/$1" | jq --arg title "$2" '{properties: (.properties | .title = $title)}')"
    portal PUT "/workspaces/default/$1" "$body" > /dev/null
}

# A project with a service to which its only commit was applied, and a repository to push to.
night_project() {
    local root="$WORK/nights/$ci" git=(git -C "$WORK/nights/$ci/main")
    portal PUT '' '{"location": "eastus", "sku": {"name": "Free"}}' > /dev/null || return
    apicenter -q -C "$root/main" init --ci "$ci" --cloud "$url" --subscription-id "$SUBSCRIPTION" \
        --resource-group rg --service "nights-$ci" --source "https://github.com/contoso/apicenter@$COMMIT" || return
    git init --quiet --bare --initial-branch main "$root/origin.git"
    "${git[@]}" init --quiet --initial-branch main
    "${git[@]}" config user.name Ann
    "${git[@]}" config user.email ann@contoso.com
    "${git[@]}" remote add origin "$root/origin.git"
    committed 'The catalogue' || return
    APICENTER_ACCESS_TOKEN=t apicenter -q -C "$root/main" -t prod apply --auto-approve || return
    mkdir -p "$root/scripts"
    local files
    mapfile -t files < <(find "$root/main" -name '*.yml' -not -path '*/.git/*')
    python scripts "$root/scripts" "${files[@]}"
}

# committed WORDS: everything in the clone of main, pushed.
committed() {
    local git=(git -C "$WORK/nights/$ci/main")
    "${git[@]}" add --all && "${git[@]}" commit --quiet --message "$1" && "${git[@]}" push --quiet origin main
}

main_commit() {
    git -C "$WORK/nights/$ci/main" rev-parse HEAD
}

# The commit of the branch on the forge; empty without one.
tip() {
    git -C "$WORK/nights/$ci/origin.git" rev-parse --verify --quiet "refs/heads/$DRIFT_BRANCH"
}

# on_branch ARGUMENTS...: what the branch has beside main.
on_branch() {
    git -C "$WORK/nights/$ci/origin.git" diff "$@" "main..$DRIFT_BRANCH"
}

# The lines that the branch removes and adds, and no others.
edits_are() {
    local lines
    lines="$(on_branch --unified=0 | grep '^[-+]' | grep -v '^\(---\|+++\) ')"
    [[ "$lines" == "$1" ]] || { on_branch; return 1; }
}

# A new checkout of main, as a job starts with.
checkout() {
    rm -rf "$WORK/nights/checkout"
    git clone --quiet "$WORK/nights/$ci/origin.git" "$WORK/nights/checkout"
}

value() {
    sed -n "s/^$1=//p" "$WORK/output"
}

# step SCRIPT [VARIABLE=VALUE...]: a script of the workflow of the night, in the checkout.
step() {
    local script="$1"
    shift
    : > "$WORK/output"
    env -C "$WORK/nights/checkout" PATH="$HERE:$PATH" GITHUB_REPOSITORY=contoso/apis GITHUB_RUN_ID=7 \
        GITHUB_SERVER_URL=https://github.example RUNNER_TEMP="$WORK/temp" GITHUB_OUTPUT="$WORK/output" \
        FILES="$night_files" "$@" bash -e "$WORK"/nights/github/scripts/*apicenter-drift.yml."$script".sh
}

night_action() {
    local command="$1"
    shift
    : > "$WORK/output"
    env -C "$WORK/nights/checkout" COMMAND="$command" TARGET=prod DIRECTORY=. COMMENT=false EXPECT_PLAN='' AGAINST='' \
        CHANGED_SINCE='' PRUNE=false CLIENT_ID='' TENANT_ID='' SIGN_IN='' INSTALLED=false COMMENT_TOKEN='' \
        MARKDOWN_BUDGET=30000 WRITE=true RUNNER_TEMP="$WORK/temp" GITHUB_OUTPUT="$WORK/output" \
        GITHUB_STEP_SUMMARY="$WORK/summary" GITHUB_ACTIONS=true GITHUB_WORKSPACE="$WORK/nights/checkout" \
        APICENTER_ACCESS_TOKEN=t "$@" bash "$WORK"/nights/github/scripts/*action.yml.0.sh
}

# The jobs of GitHub's workflow, with what one hands to the next.
github_night() {
    local base reason drift_code='' plan_code pull='' ended=0
    night_files="$WORK/temp/apicenter-files/prod"
    rm -rf "$night_files" "$STUB/pull.md" "$STUB/issue.md"
    : > "$STUB/calls"
    checkout
    step 0 || return
    base="$(value commit)"
    reason="$(value reason)"
    if [[ -n "$base" ]]; then
        night_action drift BASE="$base" || return
        drift_code="$(value exit-code)"
        step 1 || return
    fi
    night_action plan BASE="$base" || [[ $? == 5 ]] || return
    plan_code="$(value exit-code)"
    checkout
    if [[ -n "$base" ]]; then
        step 2 BASE="$base" STARTS_CHECKS="${STARTS_CHECKS:-false}" || ended=$?
        pull="$(value number)"
    fi
    step 3 PULL="$pull" NO_BASE="$reason" DRIFT_CODE="$drift_code" PLAN_CODE="$plan_code" || return
    return "$ended"
}

# applied COMMIT APPLY [PLAN]: how the jobs of the last run of apicenter-apply ended.
github_applied() {
    local run='"head_repository": {"full_name": "contoso/apis"}, "event": "push"'
    local fork='"head_repository": {"full_name": "mallory/apis"}, "event": "pull_request"'
    answer runs "{\"workflow_runs\": [{\"id\": 1, \"head_sha\": \"$1\", \"run_started_at\": \"2026-01-02\", $run},
        {\"id\": 2, \"head_sha\": \"$COMMIT\", \"run_started_at\": \"2026-01-03\", $fork},
        {\"id\": 3, \"head_sha\": \"$COMMIT\", \"run_started_at\": \"2026-01-01\", $run}]}"
    answer jobs "{\"jobs\": [{\"name\": \"Program / Obtain apicenter\", \"conclusion\": \"success\"},
        {\"name\": \"Plan for prod\", \"conclusion\": \"${3:-success}\"}, {\"name\": \"Apply to prod\", \"conclusion\": \"$2\"}]}"
}

# in_text FILE WORDS
in_text() {
    grep -qF -- "$2" "$STUB/$1" || { cat "$STUB/$1"; return 1; }
}

no_branch() {
    ! tip > /dev/null
}

# What GitHub calls pull requests has another name in each API.
pulls() {
    case "$ci" in
        github) echo pulls ;;
        gitlab) echo merge_requests ;;
        *) echo pullrequests ;;
    esac
}

# is_open KIND: whether a pull request or an issue is open on the forge.
is_open() {
    [[ "$(jq 'if type == "object" then .value else . end | length' "$STUB/answers/$1.json")" == 1 ]]
}

# reported WORDS: the issue has them. A task has a link to the run, whose log and summary have them.
reported() {
    is_open issues || { echo 'no issue is open'; return 1; }
    case "$ci" in
        azure-pipelines) grep -qF -- "$1" "$WORK/nights/log" "$STUB/issue.md" || { cat "$STUB/issue.md" "$WORK/nights/log"; return 1; } ;;
        *) in_text issue.md "$1" ;;
    esac
}

# logged COMMAND...: what it says is kept.
logged() {
    local code=0
    "$@" > "$WORK/nights/log" 2>&1 || code=$?
    cat "$WORK/nights/log"
    return "$code"
}

# job SCRIPT [VARIABLE=VALUE...]: a script of GitLab or Azure Pipelines, in the checkout.
job() {
    local script="$1"
    shift
    env -C "$WORK/nights/checkout" PATH="$HERE:$PATH" PIPELINE_WORKSPACE="$WORK/nights/workspace" \
        BUILD_ARTIFACTSTAGINGDIRECTORY="$WORK/staging" BUILD_REPOSITORY_PROVIDER=TfsGit BUILD_REPOSITORY_ID=r1 \
        SYSTEM_COLLECTIONURI="${forge:?}/devops/" SYSTEM_TEAMPROJECTID=1 SYSTEM_TEAMPROJECT=apis BUILD_BUILDID=7 \
        AZURE_CLIENT_ID=client AZURE_TENANT_ID=tenant AZURE_ID_TOKEN=the-token-of-the-job \
        AZURE_AUTHORITY_HOST="${authority:?}" CI_API_V4_URL="$forge" CI_PROJECT_ID=1 CI_DEFAULT_BRANCH=main \
        CI_PROJECT_URL="$WORK/nights/gitlab/origin" CI_JOB_URL=https://gitlab.example/jobs/8 CI_PIPELINE_SOURCE=schedule \
        GITLAB_TOKEN=the-token-of-the-bot TMPDIR="$WORK/temp" "$@" \
        bash -e "$WORK"/nights/"$ci"/scripts/*"$script".sh
}

# The two jobs of GitLab, with what one hands to the other. The program is in the checkout there.
gitlab_night() {
    rm -f "$STUB/pull.md" "$STUB/issue.md"
    : > "$STUB/calls"
    checkout
    mkdir "$WORK/nights/checkout/bin"
    touch "$WORK/nights/checkout/bin/another"
    job gitlab-ci.yml.apicenter-drift || return
    rm -rf "$WORK/nights/handed"
    cp -r "$WORK/nights/checkout/drift" "$WORK/nights/handed"
    checkout
    cp -r "$WORK/nights/handed" "$WORK/nights/checkout/drift"
    job gitlab-ci.yml.apicenter-drift-report APICENTER_DRIFT_TOKEN="${DRIFT_TOKEN-the-token-of-the-bot}" "$@"
}

# applied COMMIT APPLY: how the jobs of the pipeline of a commit ended.
gitlab_applied() {
    local plan='{"id": 41, "name": "apicenter-plan-main", "finished_at": "2026-01-02T00:00:00Z"}'
    local apply='{"id": 42, "name": "apicenter-apply", "finished_at": "2026-01-03T00:00:00Z"}'
    answer pipelines "[{\"id\": 5, \"sha\": \"$COMMIT\", \"source\": \"schedule\"}, {\"id\": 4, \"sha\": \"$1\", \"source\": \"push\"}]"
    case "$2" in
        success) answer jobs "[$plan, $apply]" ;;
        *) answer jobs "[$plan]" ;;
    esac
    answer plan '{"changes": [{}]}'
    [[ "$2" != skipped ]] || answer plan '{"changes": []}'
}

# The steps of the two jobs of Azure Pipelines.
azure_pipelines_night() {
    local devops=(TF_BUILD=true APICENTER_AUTH=azure-pipelines AZURESUBSCRIPTION_CLIENT_ID=client
        AZURESUBSCRIPTION_TENANT_ID=tenant AZURESUBSCRIPTION_SERVICE_CONNECTION_ID=connection
        SYSTEM_OIDCREQUESTURI="$authority/pipelines" SYSTEM_ACCESSTOKEN=the-right-to-ask)
    local said="$WORK/nights/said" ended=0
    rm -rf "$STUB/pull.md" "$STUB/issue.md" "$WORK/nights/workspace"
    : > "$STUB/calls"
    checkout
    job apicenter-drift.yml.0 SYSTEM_ACCESSTOKEN=the-right-to-ask || return
    job apicenter-drift.yml.1 "${devops[@]}" || return
    mv "$WORK/nights/workspace/drift" "$WORK/nights/workspace/apicenter-drift-prod"
    checkout
    # shellcheck disable=SC2016
    job apicenter-drift.yml.2 APICENTER_DRIFT_TOKEN="${DRIFT_TOKEN-the-token-of-the-bot}" "$@" > "$said" || ended=$?
    cat "$said"
    # shellcheck disable=SC2016
    job apicenter-drift.yml.3 PULL="$(is_set pull '$(pull)')" REASON="$(is_set reason '$(reason)')" || return
    return "$ended"
}

# is_set VARIABLE ELSE: what a step of Azure Pipelines gave it, or how its name stays in the text of the next one.
is_set() {
    local line
    line="$(grep --only-matching "variable=$1\].*" "$WORK/nights/said" | tail -n 1)"
    [[ -n "$line" ]] && printf '%s' "${line#*]}" || printf '%s' "$2"
}

# applied COMMIT APPLY: the runs with the tag, which Azure Pipelines looks for.
azure_pipelines_applied() {
    answer definitions '{"value": [{"id": 3}]}'
    case "$2" in
        success | skipped) answer builds "{\"value\": [{\"sourceVersion\": \"$1\"}]}" ;;
        *) answer builds '{"value": []}' ;;
    esac
}

# What a forge must do, night by night.
nights() {
    local ci="$1" manifest applied before
    local main="$WORK/nights/$ci/main" night="${ci//-/_}_night" says_applied="${ci//-/_}_applied"
    manifest="$main/apis/greetings/api.yaml"
    answer threads '{"value": []}'
    answer pulls '[]'
    answer merge_requests '[]'
    answer pullrequests '{"value": []}'
    answer issues '[]'
    check "$ci, nights: a project" night_project
    applied="$(main_commit)"
    "$says_applied" "$applied" cancelled
    check "$ci, nights: nothing differs" logged "$night"
    check "$ci, nights: nothing is written" refused is_open issues
    retitled apis/greetings "$HOSTILE"
    check "$ci, nights: an edit, and no apply yet" logged "$night"
    check "$ci, nights: is only reported" reported 'yet, so it is not known which side was edited'
    check "$ci, nights: with no branch" no_branch
    "$says_applied" "$applied" success
    check "$ci, nights: an edit after an apply" logged "$night"
    check "$ci, nights: is on the branch, and nothing else is" edits_are "$(title_lines)"
    check "$ci, nights: a pull request is open" is_open "$(pulls)"
    check "$ci, nights: whose text has the edit as text" in_text pull.md "- edited \`api/greetings\`"
    check "$ci, nights: nothing is left to report" refused is_open issues
    before="$(tip)"
    check "$ci, nights: the same again" logged "$night"
    check "$ci, nights: leaves the branch as it is" test "$(tip)" == "$before"
    check "$ci, nights: makes no second pull request" refused called "$(opening)"
    check "$ci, nights: updates the first" in_text pull.md "- edited \`api/greetings\`"

    retitled environments/development '##vso[task.complete]Staging'
    sed -i 's/^  summary: .*/  summary: Merged/' "$manifest"
    committed 'Merged, and not applied'
    check "$ci, nights: another edit, and a merge that is not applied" logged "$night"
    check "$ci, nights: the branch moves" refused test "$(tip)" == "$before"
    check "$ci, nights: to one commit on main" test "$(git -C "$main/../origin.git" rev-list --count "main..$DRIFT_BRANCH")" == 1
    check "$ci, nights: with both edits" in_text pull.md "- edited \`environment/development\`"
    check "$ci, nights: and no command of a title in the log" refused grep -qF '##vso[task.complete]Staging' "$WORK/nights/log"
    check "$ci, nights: what was merged is not taken back" refused grep -q summary <(on_branch --unified=0)
    check "$ci, nights: it is reported" reported 'Merged'
    check "$ci, nights: beside the pull request" in_text issue.md "$(names_pull)"

    others
    before="$(tip)"
    retitled environments/development Test
    check "$ci, nights: somebody pushed to the branch" logged "$night"
    check "$ci, nights: the commit stays" test "$(tip)" == "$before"
    check "$ci, nights: the pull request says so" in_text pull.md 'Others pushed commits'
    check "$ci, nights: and what differs by now" in_text pull.md 'Test'
    git -C "$main" push --quiet --force origin "HEAD:$DRIFT_BRANCH"
    retitled environments/development Staging

    sed -i 's/^  title: .*/  title: Of main/' "$manifest"
    committed 'The same field'
    check "$ci, nights: both sides edited a field" logged "$night"
    check "$ci, nights: it is not written" refused grep -q 'touch pwned' <(on_branch)
    check "$ci, nights: it is reported" reported 'it was edited in the repository, too'
    check "$ci, nights: the other edit is on the branch" in_text pull.md "- edited \`environment/development\`"
    git -C "$main" revert --no-edit HEAD > /dev/null
    git -C "$main" push --quiet origin main

    check "$ci, nights: without it" logged "$night"
    git -C "$main" pull --quiet --no-rebase origin "$DRIFT_BRANCH"
    git -C "$main" push --quiet origin main
    APICENTER_ACCESS_TOKEN=t apicenter -q -C "$main" -t prod apply --auto-approve > /dev/null
    check "$ci, nights: what was merged plans empty" \
        env APICENTER_ACCESS_TOKEN=t apicenter -C "$main" -t prod plan --detailed-exitcode
    "$says_applied" "$(main_commit)" skipped
    check "$ci, nights: after the merge" logged "$night"
    check "$ci, nights: the pull request is closed" refused is_open "$(pulls)"
    check "$ci, nights: the branch is deleted" no_branch
    check "$ci, nights: the issue is closed" refused is_open issues
    check "$ci, nights: no text of the service was run" test -z "$(find "$WORK" -name 'pwned*')"
}

# The edit of the title, as the manifest has it.
title_lines() {
    local old
    old="$(grep '^  title: ' "$WORK/nights/$ci/main/apis/greetings/api.yaml")"
    printf -- '-%s\n+  title: %s' "$old" "$(jq --null-input --arg title "$HOSTILE" '$title')"
}

# Somebody pushes a commit to the branch.
others() {
    local clone="$WORK/nights/others"
    rm -rf "$clone"
    git clone --quiet --branch "$DRIFT_BRANCH" "$WORK/nights/$ci/origin.git" "$clone"
    echo '# looked at' >> "$clone/apicenter.yaml"
    git -C "$clone" -c user.name=Ben -c user.email=ben@contoso.com commit --quiet --all --message 'A look'
    git -C "$clone" push --quiet
}

# How a forge is asked to open a pull request.
opening() {
    case "$ci" in
        github) echo '--method POST repos/contoso/apis/pulls' ;;
        gitlab) echo 'POST /projects/1/merge_requests ' ;;
        *) echo 'POST /devops/.*/pullrequests?' ;;
    esac
}

# How the issue refers to it.
names_pull() {
    case "$ci" in
        github) echo 'Pull request #7 takes over' ;;
        gitlab) echo 'Merge request !7 takes over' ;;
        *) echo 'Pull request 7 takes over' ;;
    esac
}

# What GitHub alone has: a setting without which no workflow opens a pull request, and pull requests without checks.
github_only() {
    local ci=github
    retitled apis/greetings Again
    touch "$STUB/no-pull-requests"
    check 'github, nights: no pull request may be opened' ends 1 says 'Allow GitHub Actions to create' github_night
    check 'github, nights: the edit is reported' in_text issue.md "- edited \`api/greetings\`"
    rm "$STUB/no-pull-requests"
    check 'github, nights: one may be' github_night
    check 'github, nights: its text says how checks are started' in_text pull.md 'Close and reopen this pull request'
    check 'github, nights: the issue is closed again' refused is_open issues
    check 'github, nights: with a token of its own' env_of github_night STARTS_CHECKS=true
    check 'github, nights: checks start' refused in_text pull.md 'Close and reopen this pull request'
    github_applied "$COMMIT" success
    check 'github, nights: a commit that is not in the history' github_night
    check 'github, nights: is said' in_text issue.md "$COMMIT, is no longer in this repository"
    github_applied "$(main_commit)" skipped failure
    check 'github, nights: a plan that was not reviewed' github_night
    check 'github, nights: is no apply' in_text issue.md 'no run of apicenter-apply has applied main yet'
}

# What happens without the token that may push.
without_token() {
    local ci="$1" night="${1//-/_}_night"
    retitled apis/greetings Again
    check "$ci, nights: no token that may push" env_of "$night" DRIFT_TOKEN=
    check "$ci, nights: the edit is reported" reported 'no APICENTER_DRIFT_TOKEN'
    check "$ci, nights: with no branch" no_branch
    # shellcheck disable=SC2016
    check "$ci, nights: a token" "$night"
    check "$ci, nights: the edit is on the branch" test -n "$(on_branch)"
    check "$ci, nights: the issue is closed" refused is_open issues
}

# env_of COMMAND VARIABLE=VALUE: a function with a variable.
env_of() {
    local -x "$2"
    "$1"
}

gitlab_without_tokens() {
    local ci=gitlab
    ends 1 says 'DRIFT' gitlab_night GITLAB_TOKEN= APICENTER_DRIFT_TOKEN=
}

run_nights() {
    mkdir -p "$WORK/staging"
    local night_files=''
    nights github
    github_only
    nights gitlab
    without_token gitlab
    check 'gitlab, nights: without a token of the project it fails instead' gitlab_without_tokens
    nights azure-pipelines
    without_token azure-pipelines
}
