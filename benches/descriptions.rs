//! How long the comparison of large descriptions takes, and whether its verdicts about random schemas are sound.
//!
//! ```sh
//! cargo bench --bench descriptions             # a pair of 20 MB, and a million pairs of schemas
//! cargo bench --bench descriptions -- 50000    # so many pairs of schemas
//! ```
//!
//! The large pair is compared by the whole program, measured from outside. Of each pair of schemas, values that the
//! old one accepts are drawn: where nothing is reported about a request, the new one has to accept them all, as an
//! independent validator judges. `cargo test --benches` runs it with few pairs, to see that it still works.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a table for people"
)]

mod process;
mod program;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use apicenter::document;
use serde_json::{Map, Value, json};

use process::{memory, watch};
use program::{PROGRAM, Result};

/// Pairs of schemas in one pair of documents.
const BATCH: usize = 200;

/// Values that are drawn for each pair.
const VALUES: usize = 24;

fn main() -> ExitCode {
    let mut pairs = None;
    let mut is_bench = false;
    for argument in std::env::args().skip(1) {
        match argument.parse::<usize>() {
            Ok(count) => pairs = Some(count),
            Err(_) => is_bench |= argument == "--bench",
        }
    }
    let (megabytes, pairs) = match (is_bench, pairs) {
        (true, pairs) => (20, pairs.unwrap_or(1_000_000)),
        (false, pairs) => (1, pairs.unwrap_or(BATCH)),
    };
    for outcome in [large_pair(megabytes), random_pairs(pairs)] {
        if let Err(error) = outcome {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// Compares two large descriptions: with themselves, rewritten, and with changes in a hundred operations.
fn large_pair(megabytes: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let before = description(megabytes * 1_000_000, None);
    let after = description(megabytes * 1_000_000, Some(100));
    fs::write(folder.path().join("before.json"), before.to_string())?;
    fs::write(folder.path().join("indented.json"), format!("{before:#}"))?;
    fs::write(folder.path().join("after.json"), after.to_string())?;
    println!("\na pair of {megabytes} MB");
    println!("{:<34} {:>9} {:>11}", "", "time", "peak memory");
    for (name, other, findings) in [
        ("with itself, indented", "indented.json", false),
        ("with changes in 100 operations", "after.json", true),
    ] {
        let mut best: Option<(Duration, Option<u64>)> = None;
        for _ in 0..3 {
            let began = Instant::now();
            let mut process = Command::new(PROGRAM)
                .args(["diff-spec", "before.json", other, "--fail-on", "breaking"])
                .current_dir(folder.path())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()?;
            let (status, peak) = watch(&mut process)?;
            let expected = if findings { 5 } else { 0 };
            if status.code() != Some(expected) {
                return Err(format!("{name}: {status}").into());
            }
            let run = (began.elapsed(), peak);
            best = Some(best.map_or(run, |best| if run.0 < best.0 { run } else { best }));
        }
        if let Some((time, peak)) = best {
            let time = format!("{:.2} s", time.as_secs_f64());
            println!("{name:<34} {time:>9} {:>11}", memory(peak));
        }
    }
    Ok(())
}

/// A description of so many bytes, as JSON on one line; some of its schemas may be narrower.
fn description(bytes: usize, narrower: Option<usize>) -> Value {
    let (mut paths, mut schemas) = (Map::new(), Map::new());
    let text =
        "Words that describe something, of which real descriptions mostly consist. ".repeat(3);
    let (mut size, mut number) = (0, 0);
    while size < bytes {
        let most = match narrower {
            Some(count) if number % 7 == 0 && number / 7 < count => 50,
            _ => 100,
        };
        let schema = json!({
            "type": "object", "description": text, "required": ["id"],
            "properties": {
                "id": {"type": "string", "format": "uuid", "description": text},
                "quantity": {"type": "integer", "minimum": 0, "maximum": most, "description": text},
                "state": {"type": "string", "enum": ["open", "done", "lost"], "description": text},
                "next": {"$ref": format!("#/components/schemas/Item{}", number / 2)},
                "all": {"type": "array", "items": {"$ref": format!("#/components/schemas/Item{}", number / 3)}},
            },
        });
        let refer = json!({"$ref": format!("#/components/schemas/Item{number}")});
        let content = json!({"application/json": {"schema": refer}});
        let item = json!({
            "get": {
                "description": text,
                "parameters": [{"in": "query", "name": "page", "schema": {"type": "integer"}, "description": text}],
                "responses": {"200": {"description": text, "content": content}},
            },
            "post": {
                "description": text,
                "requestBody": {"required": true, "content": content},
                "responses": {"201": {"description": text, "content": content}},
            },
        });
        size += 3900;
        schemas.insert(format!("Item{number}"), schema);
        paths.insert(format!("/items-{number}"), item);
        number += 1;
    }
    json!({
        "openapi": "3.0.3", "info": {"title": "Large", "version": "1.0.0"},
        "paths": paths, "components": {"schemas": schemas},
    })
}

/// Compares random schemas and looks for values that show a silence to be wrong.
fn random_pairs(pairs: usize) -> Result<()> {
    let began = Instant::now();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut silent, mut judged, mut done) = (0, 0_usize, 0);
    while done < pairs {
        let batch: Vec<(Value, Value)> = (0..BATCH).map(|_| random.pair()).collect();
        let side = |one: fn(&(Value, Value)) -> &Value| {
            let paths: Map<String, Value> = batch
                .iter()
                .enumerate()
                .map(|(number, pair)| (format!("/p{number}"), operation(one(pair))))
                .collect();
            json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": paths})
                .to_string()
        };
        let effects = document::effects(&side(|pair| &pair.0), &side(|pair| &pair.1));
        let mut named: BTreeSet<String> = BTreeSet::new();
        for found in effects.findings {
            named.insert(found.place);
            named.extend(found.other_operations);
        }
        for (number, (before, after)) in batch.iter().enumerate() {
            if named.contains(&format!("POST /p{number}")) {
                continue;
            }
            silent += 1;
            judged += refute(&mut random, before, after)?;
        }
        done += BATCH;
    }
    let mut words = String::new();
    write!(
        words,
        "{done} pairs of schemas, of which {silent} break nothing"
    )?;
    write!(words, "; {judged} values that the old schemas accept")?;
    write!(words, ", and no new one refuses one of them")?;
    println!("\n{words} ({:.0} s)", began.elapsed().as_secs_f64());
    Ok(())
}

fn operation(schema: &Value) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    json!({"post": {"requestBody": {"required": true, "content": content}, "responses": {}}})
}

/// The schema with alternatives that may overlap: that a value is one of several alternatives is never reported by
/// itself, because many descriptions say `oneOf` where `anyOf` is meant.
fn with_overlaps(mut schema: Value) -> Value {
    match &mut schema {
        Value::Object(map) => {
            if let Some(all) = map.shift_remove("oneOf") {
                map.insert("anyOf".to_owned(), all);
            }
            for (key, value) in map.iter_mut() {
                if key != "not" {
                    *value = with_overlaps(value.take());
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                *item = with_overlaps(item.take());
            }
        }
        _ => {}
    }
    schema
}

/// How many values were judged; an error for one that only the old schema accepts.
fn refute(random: &mut Random, before: &Value, after: &Value) -> Result<usize> {
    let (Ok(was), Ok(now)) = (
        jsonschema::draft202012::new(before),
        jsonschema::draft202012::new(&with_overlaps(after.clone())),
    ) else {
        return Ok(0);
    };
    let mut judged = 0;
    for _ in 0..VALUES {
        let value = random.value_of(before, 3);
        if was.is_valid(&value) {
            judged += 1;
            if !now.is_valid(&value) {
                return Err(format!("unsound: {before}\n-> {after}\nvalue {value}").into());
            }
        }
    }
    Ok(judged)
}

/// Numbers that look random, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    fn of<T: Clone>(&mut self, all: &[T]) -> T {
        let at = usize::try_from(self.below(all.len() as u64)).unwrap_or(0);
        all[at].clone()
    }

    /// A schema, and another one that is often much like it.
    fn pair(&mut self) -> (Value, Value) {
        let (one, other) = (self.schema(3), self.schema(3));
        match self.below(7) {
            0 => (one.clone(), json!({"anyOf": [one, other]})),
            1 => (json!({"allOf": [one.clone(), other]}), one),
            2 => (one.clone(), json!({"oneOf": [one, other]})),
            3 => (
                json!({"type": "object", "required": ["a"], "properties": {"a": one.clone()}}),
                json!({"type": "object", "properties": {"a": one}}),
            ),
            4 => {
                let mut changed = one.clone();
                self.change(&mut changed);
                (one, changed)
            }
            5 => (json!({"allOf": [one.clone()]}), one),
            _ => (one, other),
        }
    }

    /// Changes a bound somewhere in a schema, by a little.
    fn change(&mut self, schema: &mut Value) {
        match schema {
            Value::Number(number) => {
                if let Some(value) = number.as_i64() {
                    let step = self.of(&[-1, 1, 2]);
                    *schema = json!((value + step).max(1));
                }
            }
            Value::Object(map) if !map.is_empty() => {
                let keys: Vec<String> = map.keys().cloned().collect();
                let key = self.of(&keys);
                if key != "const" && key != "enum" {
                    self.change(&mut map[&key]);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                let at = usize::try_from(self.below(items.len() as u64)).unwrap_or(0);
                self.change(&mut items[at]);
            }
            _ => {}
        }
    }

    fn schema(&mut self, depth: usize) -> Value {
        let most = if depth == 0 { 11 } else { 22 };
        let (least, more) = (self.below(5), self.below(5));
        let kind = self.of(&["integer", "number"]);
        match self.below(most) {
            0 => json!({}),
            1 => json!({"type": ["string", "null"]}),
            2 => json!({"type": "boolean"}),
            3 => json!({"const": least}),
            4 => json!({"enum": [null, 1, "a", [1]]}),
            5 => json!({"type": kind, "minimum": least}),
            6 => json!({"type": kind, "exclusiveMaximum": least + more}),
            7 => json!({"type": kind, "multipleOf": more + 1, "minimum": least}),
            8 => json!({"type": "string", "minLength": least, "maxLength": least + more}),
            9 => {
                let pattern = self.of(&["^a", "b$", "^[ab]*$", "aa"]);
                json!({"type": "string", "pattern": pattern})
            }
            10 => {
                let listed = self.of(&[&["a"][..], &["a", "b"], &["a", "b", "ab"]]);
                json!({"type": "string", "enum": listed})
            }
            11..=14 => self.object(depth - 1),
            15 => json!({"type": "array", "items": self.schema(depth - 1), "minItems": least % 3}),
            16 => {
                json!({"type": "array", "prefixItems": [self.schema(depth - 1)], "items": self.schema(depth - 1)})
            }
            17 => {
                json!({"type": "array", "contains": self.schema(depth - 1), "maxItems": more + 1})
            }
            18 => json!({"allOf": self.schemas(depth - 1)}),
            19 => json!({"anyOf": self.schemas(depth - 1)}),
            20 => json!({"oneOf": self.schemas(depth - 1)}),
            _ => json!({"allOf": [self.schema(depth - 1)], "not": self.schema(depth - 1)}),
        }
    }

    fn schemas(&mut self, depth: usize) -> Vec<Value> {
        (0..=self.below(3)).map(|_| self.schema(depth)).collect()
    }

    fn object(&mut self, depth: usize) -> Value {
        let mut properties = Map::new();
        for name in ["a", "b", "c"] {
            if self.below(2) == 0 {
                properties.insert(name.to_owned(), self.schema(depth));
            }
        }
        let names: Vec<String> = properties.keys().cloned().collect();
        let required: Vec<&String> = names.iter().filter(|_| self.below(3) == 0).collect();
        let mut object = json!({"type": "object", "properties": properties, "required": required});
        match self.below(6) {
            0 => object["additionalProperties"] = json!(false),
            1 => object["unevaluatedProperties"] = json!(false),
            2 => object["additionalProperties"] = self.schema(depth),
            3 => object["minProperties"] = json!(self.below(3)),
            4 => object["dependentRequired"] = json!({"a": ["b"]}),
            _ => {}
        }
        object
    }

    /// A value that the schema may accept. Objects have properties that the schema names, and no others: these are
    /// what callers send.
    fn value_of(&mut self, schema: &Value, depth: usize) -> Value {
        let all = ["allOf", "anyOf", "oneOf"];
        let branches = all.iter().find_map(|key| schema[key].as_array());
        if let Some(branches) = branches.filter(|branches| !branches.is_empty()) {
            let branch = self.of(branches);
            return self.value_of(&branch, depth);
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(values) = schema["enum"].as_array() {
            return self.of(values);
        }
        if let (Some(properties), true) = (schema["properties"].as_object(), depth > 0) {
            let mut object = Map::new();
            for (name, property) in properties {
                if self.below(3) > 0 {
                    object.insert(name.clone(), self.value_of(property, depth - 1));
                }
            }
            return Value::Object(object);
        }
        match schema["type"].as_str() {
            Some("array") if depth > 0 => {
                let of = ["items", "contains"].iter().find_map(|key| schema.get(key));
                let of = of.cloned().unwrap_or_default();
                let count = self.below(4);
                (0..count).map(|_| self.value_of(&of, depth - 1)).collect()
            }
            Some("boolean") => json!(self.below(2) == 0),
            Some("string") => self.text(),
            Some("integer" | "number") => self.number(),
            _ => match self.below(5) {
                0 => Value::Null,
                1 => json!(true),
                2 => self.number(),
                3 => json!(2.5),
                _ => self.text(),
            },
        }
    }

    fn number(&mut self) -> Value {
        let all: Vec<i64> = (-3..11).collect();
        json!(self.of(&all))
    }

    fn text(&mut self) -> Value {
        let length = self.below(6);
        (0..length)
            .map(|_| self.of(&['a', 'b']))
            .collect::<String>()
            .into()
    }
}
