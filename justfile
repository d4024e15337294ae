# Short names for what CONTRIBUTING.md describes. `just check` is what the workflow runs.

[private]
default:
    @just --list --unsorted

# Build, and run apicenter with these arguments
[group('use')]
run *arguments:
    cargo run --locked -- {{arguments}}

# Run the tests
[group('change')]
test *arguments:
    cargo test --locked {{arguments}}

# Format, then check everything that must hold before a change is merged
[group('change')]
check:
    cargo fmt --all
    .ci/run

# Accept what the tests print now as right: snapshots and generated schemas; review the diff
[group('change')]
bless:
    INSTA_UPDATE=always UPDATE_SCHEMAS=1 cargo test --locked
    git diff --stat

# Measure time and memory for catalogues of these sizes (docs/benchmarks.md)
[group('measure')]
bench *sizes:
    cargo bench --locked --bench scale -- {{sizes}}
