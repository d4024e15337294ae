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
    fi
    night_action plan BASE="$base" || [[ $? == 5 ]] || return
    plan_code="$(value exit-code)"
    step 1 || return
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

# is_open KIND: whether a pull request or an issue is open on the forge.
is_open() {
    [[ "$(jq length "$STUB/answers/$1.json")" == 1 ]]
}

# What a forge must do, night by night.
nights() {
    local ci="$1" manifest applied before
    local main="$WORK/nights/$ci/main" night="${ci//-/_}_night" says_applied="${ci//-/_}_applied"
    manifest="$main/apis/greetings/api.yaml"
    answer pulls '[]'
    answer issues '[]'
    check "$ci, nights: a project" night_project
    applied="$(main_commit)"
    "$says_applied" "$applied" cancelled
    check "$ci, nights: nothing differs" "$night"
    check "$ci, nights: nothing is written" refused is_open issues
    retitled apis/greetings "$HOSTILE"
    check "$ci, nights: an edit, and no apply yet" "$night"
    check "$ci, nights: is only reported" in_text issue.md 'There is no pull request: no run of apicenter-apply'
    check "$ci, nights: with no branch" no_branch
    "$says_applied" "$applied" success
    check "$ci, nights: an edit after an apply" "$night"
    check "$ci, nights: is on the branch, and nothing else is" edits_are "$(title_lines)"
    check "$ci, nights: a pull request is open" is_open pulls
    check "$ci, nights: whose text has the edit as text" in_text pull.md "- edited \`api/greetings\`"
    check "$ci, nights: nothing is left to report" refused is_open issues
    before="$(tip)"
    check "$ci, nights: the same again" "$night"
    check "$ci, nights: leaves the branch as it is" test "$(tip)" == "$before"
    check "$ci, nights: makes no second pull request" refused called "$(opening)"
    check "$ci, nights: updates the first" in_text pull.md "- edited \`api/greetings\`"

    retitled environments/development Staging
    sed -i 's/^  summary: .*/  summary: Merged/' "$manifest"
    committed 'Merged, and not applied'
    check "$ci, nights: another edit, and a merge that is not applied" "$night"
    check "$ci, nights: the branch moves" refused test "$(tip)" == "$before"
    check "$ci, nights: to one commit on main" test "$(git -C "$main/../origin.git" rev-list --count "main..$DRIFT_BRANCH")" == 1
    check "$ci, nights: with both edits" in_text pull.md "- edited \`environment/development\`"
    check "$ci, nights: what was merged is not taken back" refused grep -q summary <(on_branch --unified=0)
    check "$ci, nights: it is reported" in_text issue.md 'Merged'
    check "$ci, nights: beside the pull request" in_text issue.md "$(names_pull)"

    others
    before="$(tip)"
    retitled environments/development Test
    check "$ci, nights: somebody pushed to the branch" "$night"
    check "$ci, nights: the commit stays" test "$(tip)" == "$before"
    check "$ci, nights: the pull request says so" in_text pull.md 'Others pushed commits'
    check "$ci, nights: and what differs by now" in_text pull.md 'Test'
    git -C "$main" push --quiet --force origin "HEAD:$DRIFT_BRANCH"
    retitled environments/development Staging

    sed -i 's/^  title: .*/  title: Of main/' "$manifest"
    committed 'The same field'
    check "$ci, nights: both sides edited a field" "$night"
    check "$ci, nights: it is not written" refused grep -q 'touch pwned' <(on_branch)
    check "$ci, nights: it is reported" in_text issue.md 'it was edited in the repository, too'
    check "$ci, nights: the other edit is on the branch" in_text pull.md "- edited \`environment/development\`"
    git -C "$main" revert --no-edit HEAD > /dev/null
    git -C "$main" push --quiet origin main

    check "$ci, nights: without it" "$night"
    git -C "$main" pull --quiet --no-rebase origin "$DRIFT_BRANCH"
    git -C "$main" push --quiet origin main
    APICENTER_ACCESS_TOKEN=t apicenter -q -C "$main" -t prod apply --auto-approve --only 'api/*'
    check "$ci, nights: what was merged plans empty" \
        env APICENTER_ACCESS_TOKEN=t apicenter -C "$main" -t prod plan --detailed-exitcode
    "$says_applied" "$(main_commit)" skipped
    check "$ci, nights: after the merge" "$night"
    check "$ci, nights: the pull request is closed" refused is_open pulls
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
    esac
}

# How the issue refers to it.
names_pull() {
    case "$ci" in
        github) echo 'Pull request #7 takes over' ;;
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
    check 'github, nights: is said' in_text issue.md "$COMMIT, is not in this repository any more"
    github_applied "$(main_commit)" skipped failure
    check 'github, nights: a plan that was not reviewed' github_night
    check 'github, nights: is no apply' in_text issue.md 'no run of apicenter-apply has applied main yet'
}

# env_of COMMAND VARIABLE=VALUE: a function with a variable.
env_of() {
    local -x "$2"
    "$1"
}

run_nights() {
    local night_files=''
    nights github
    github_only
}
