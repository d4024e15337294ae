"""Checks pipelines that `apicenter init` wrote: schemas, scripts, and what keeps secrets from forks.

check.py azure SCHEMA FILE...   the JSON Schema of Azure Pipelines
check.py scripts DIR FILE...    writes every bash script of the files to DIR, for shellcheck
check.py rules DIR              what no linter knows
"""

import json
import re
import sys
from pathlib import Path

import jsonschema
from ruamel.yaml import YAML

MOST_ERRORS = 5


def load(path):
    return YAML(typ="safe").load(Path(path).read_text())


def mappings(value):
    """Every mapping in a document."""
    if isinstance(value, dict):
        yield value
        value = value.values()
    elif not isinstance(value, list):
        return
    for item in value:
        yield from mappings(item)


def as_texts(value):
    """Most numbers and booleans are texts to Azure's schema."""
    if isinstance(value, dict):
        return {key: as_texts(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_texts(item) for item in value]
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else str(value)


def azure(schema, *files):
    schema = json.loads(Path(schema).read_text())
    types = jsonschema.Draft7Validator.TYPE_CHECKER.redefine_many(
        {
            "boolean": lambda _, value: value in ("true", "false"),
            "integer": lambda _, value: isinstance(value, str) and value.isdigit(),
        }
    )
    validator = jsonschema.validators.extend(jsonschema.Draft7Validator, type_checker=types)(schema)
    problems = []
    for file in files:
        errors = list(validator.iter_errors(as_texts(load(file))))
        best = [jsonschema.exceptions.best_match([error]) for error in errors]
        problems += [f"{file}: {e.json_path}: {e.message[:200]}" for e in best[:MOST_ERRORS]]
    return problems


def bash(step):
    script = step.get("run") or step.get("bash") or step.get("inlineScript")
    return script if isinstance(script, str) else None


def gitlab_scripts(document):
    for name, job in document.items():
        if isinstance(job, dict) and "script" in job:
            base = document.get(job.get("extends"), {})
            yield name, "\n".join(base.get("before_script", []) + job["script"])


def scripts(folder, *files):
    for file in files:
        steps = enumerate(bash(step) for step in mappings(load(file)) if bash(step))
        if "gitlab" in file:
            steps = gitlab_scripts(load(file))
        for name, script in steps:
            # Azure's own variables, which it fills in before bash sees them.
            script = re.sub(r"\$\(([A-Z]\w+\.[\w.]+)\)", r"\1", script)
            place = file.strip("/").replace("/", "_")
            Path(folder, f"{place}.{name}.sh").write_text("#!/usr/bin/env bash\n" + script)
    return []


def demand(problems, holds, what):
    if not holds:
        problems.append(what)


def rules(folder):
    problems = []
    for path in sorted(Path(folder).glob("github/.github/workflows/*.yml")):
        github(path, problems)
    for path in Path(folder).glob("github/.github/actions/*/action.yml"):
        github_action(path, problems)
    for path in sorted(Path(folder).glob("azure-pipelines/.azure-pipelines/*.yml")):
        document = load(path)
        obtains = path.name == "program.yml"
        builds = [bash(step) for step in mappings(document) if bash(step) and OBTAINS.search(bash(step))]
        demand(problems, obtains or not builds, f"{path}: a program is obtained beside a connection")
        if obtains:
            connects = any("azureSubscription" in m or "env" in m and "System." in str(m["env"]) for m in mappings(document))
            demand(problems, not connects, f"{path}: the job that obtains the program has an identity")
        if "steps" in document or obtains:
            continue
        for job in (m for m in mappings(document) if {"steps", "job"} <= set(m)):
            runs = any(m.get("template") == "install.yml" for m in mappings(job))
            waits = job.get("dependsOn") == "program"
            demand(problems, waits or not runs, f"{path}: {job['job']}: does not wait for the program")
            pushes = "APICENTER_DRIFT_TOKEN" in str(job) or "git push" in str(job)
            connects = any(m.get("azureSubscription") for m in mappings(job))
            demand(problems, not (pushes and connects), f"{path}: {job['job']}: may push beside a connection")
        for job in (m for m in mappings(document) if "job" in m and "steps" in m):
            uses = any(m.get("azureSubscription") for m in mappings(job))
            fork = "eq(variables['System.PullRequest.IsFork'], 'True')" in job.get("condition", "")
            demand(problems, not (uses and fork), f"{path}: {job['job']}: a fork gets a connection")
        for step in (m for m in mappings(document) if "azureSubscription" in m.get("inputs", {})):
            handed = step.get("env", {})
            signs_in = handed.get("APICENTER_AUTH") == "azure-pipelines"
            token = handed.get("SYSTEM_ACCESSTOKEN") == "$(System.AccessToken)"
            demand(problems, signs_in and token, f"{path}: {step['displayName']}: cannot sign in")
        for step in (m for m in mappings(document) if m.get("checkout")):
            demand(problems, step.get("persistCredentials") is False, f"{path}: the token stays")
    gitlab(Path(folder, "gitlab/.gitlab-ci.yml"), problems)
    return problems


# How a program is built or downloaded. The scripts that look for a plan call curl with a header.
OBTAINS = re.compile(r"cargo|rustup|pip install|npm |curl (?!.*--header|--fail --silent --show-error \"\$\{token)")

# What may run beside a token of Azure.
BESIDE_IDENTITY = {
    "actions/checkout",
    "actions/cache",
    "actions/download-artifact",
    "actions/upload-artifact",
    "./.github/actions/apicenter",
}


def github_action(path, problems):
    steps = load(path)["runs"]["steps"]
    takes = [step["with"] for step in steps if "download-artifact" in step.get("uses", "")]
    ours = [wanted.get("name") for wanted in takes] == ["apicenter-program"]
    demand(problems, ours, f"{path}: the program is not that of this run")
    foreign = any("run-id" in wanted or "repository" in wanted for wanted in takes)
    demand(problems, not foreign, f"{path}: the program is that of another run")
    for step in steps:
        demand(problems, not OBTAINS.search(bash(step) or ""), f"{path}: a program is obtained beside an identity")


def github(path, problems):
    document = load(path)
    # `on` is a boolean to YAML 1.1 and a text to 1.2.
    triggers = document.get("on", document.get(True))
    names = {triggers} if isinstance(triggers, str) else set(triggers)
    bad = names & {"pull_request_target", "workflow_run", "issue_comment"}
    demand(problems, not bad, f"{path}: the trigger {bad} runs foreign code with rights")
    demand(problems, document.get("permissions") == {}, f"{path}: rights are given to each job")
    for name, job in document["jobs"].items():
        rights = job.get("permissions", {})
        where = f"{path}: {name}"
        demand(problems, "permissions" in job, f"{where}: no permissions")
        signs_in = rights.get("id-token") == "write"
        secret = "secrets." in str(job)
        may_read = path.name == "apicenter-drift.yml" and "pull_request" not in names and not signs_in
        demand(problems, may_read or not secret, f"{where}: a secret is read")
        demand(problems, not signs_in or rights.get("contents") != "write", f"{where}: may push beside an identity")
        same = "github.event.pull_request.head.repo.full_name == github.repository"
        trusted = same in str(job.get("if")) or "pull_request" not in names
        writes = sorted(right for right, value in rights.items() if value == "write")
        demand(problems, trusted or not writes, f"{where}: a fork may write {writes}")
        if rights.get("id-token") == "write":
            needs = job.get("needs", [])
            waits = "program" in ([needs] if isinstance(needs, str) else needs)
            demand(problems, waits, f"{where}: does not wait for the program")
        if path.name == "apicenter-program.yml":
            demand(problems, rights == {"contents": "read"}, f"{where}: the job that obtains the program has rights")
        for step in job.get("steps", []):
            if rights.get("id-token") == "write":
                builds = OBTAINS.search(bash(step) or "")
                demand(problems, not builds, f"{where}: a program is obtained beside an identity")
                used = step.get("uses", "").split("@")[0]
                known = not used or used.removesuffix("/restore").removesuffix("/save") in BESIDE_IDENTITY
                demand(problems, known, f"{where}: {used} runs beside an identity")
            wanted = step.get("with", {})
            ours = step.get("uses") == "./.github/actions/apicenter"
            online = ours and wanted.get("command") != "validate" and "against" not in wanted
            identity = {"azure-client-id", "azure-tenant-id"} <= set(wanted)
            may = identity and rights.get("id-token") == "write"
            demand(problems, may or not online, f"{where}: {step.get('name')}: cannot sign in")
            demand(problems, online or not identity, f"{where}: {step.get('name')}: needs no identity")


def gitlab(path, problems):
    document = load(path)
    obtains = document["apicenter"]
    quiet = "id_tokens" not in obtains and "extends" not in obtains
    demand(problems, quiet, f"{path}: the job that obtains the program has an identity")
    for name, job in document.items():
        if not isinstance(job, dict) or ".azure" not in (name, job.get("extends")):
            continue
        scripts = job.get("before_script", []) + job.get("script", [])
        builds = any(OBTAINS.search(line) for script in scripts for line in script.splitlines())
        demand(problems, not builds, f"{path}: {name}: a program is obtained beside an identity")
        pushes = any("APICENTER_DRIFT_TOKEN" in script or "git push" in script for script in scripts)
        scoped = "environment" in job and name != "apicenter-apply"
        demand(problems, not (pushes or scoped), f"{path}: {name}: may push beside an identity")
        if name == ".azure":
            demand(problems, job["needs"] == ["apicenter"], f"{path}: {name}: does not wait for the program")
            continue
        for rule in job["rules"]:
            condition = rule["if"]
            merge = '$CI_PIPELINE_SOURCE == "merge_request_event"' in condition
            same = "$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_MERGE_REQUEST_PROJECT_ID" in condition
            demand(problems, same or not merge, f"{path}: {name}: a fork gets an identity")


def main():
    command, *arguments = sys.argv[1:]
    problems = {"azure": azure, "scripts": scripts, "rules": rules}[command](*arguments)
    print("\n".join(problems))
    return 1 if problems else 0


sys.exit(main())
