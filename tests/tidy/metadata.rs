//! What cargo knows: our packages, what they depend on, and under which licences.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// All packages of this platform, ours and others'.
pub(crate) struct Metadata {
    pub(crate) packages: BTreeMap<String, Package>,
    /// From a package's id to those it needs to run.
    needs: BTreeMap<String, Vec<String>>,
}

pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) is_ours: bool,
    pub(crate) licence: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
}

pub(crate) struct Dependency {
    pub(crate) name: String,
    /// For tests, examples and benches alone.
    pub(crate) is_dev: bool,
}

impl Metadata {
    pub(crate) fn read() -> Self {
        let value = cargo_metadata();
        let members: BTreeSet<&str> = list(&value["workspace_members"]).map(text).collect();
        let packages = list(&value["packages"])
            .map(|package| {
                let id = text(&package["id"]);
                (id.to_owned(), Package::new(package, members.contains(id)))
            })
            .collect();
        let needs = list(&value["resolve"]["nodes"])
            .map(|node| (text(&node["id"]).to_owned(), needed(node)))
            .collect();
        Self { packages, needs }
    }

    pub(crate) fn ours(&self) -> impl Iterator<Item = &Package> {
        self.packages.values().filter(|package| package.is_ours)
    }

    /// The chain of names from our package to the first that `is_wanted`, through what is needed
    /// to run.
    pub(crate) fn chain(
        &self,
        from: &str,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Option<Vec<String>> {
        let start = self.packages.iter().find(|(_, it)| it.is_ours && it.name == from)?;
        let mut seen = BTreeSet::from([start.0.as_str()]);
        let mut open = vec![(start.0.as_str(), vec![from.to_owned()])];
        while let Some((id, path)) = open.pop() {
            for next in self.needs.get(id).into_iter().flatten() {
                let name = &self.packages.get(next)?.name;
                let path: Vec<String> = path.iter().chain([name]).cloned().collect();
                if is_wanted(name) {
                    return Some(path);
                }
                if seen.insert(next) {
                    open.push((next, path));
                }
            }
        }
        None
    }
}

impl Package {
    fn new(value: &Value, is_ours: bool) -> Self {
        let dependencies = list(&value["dependencies"])
            .map(|it| Dependency {
                name: text(&it["name"]).to_owned(),
                is_dev: it["kind"] == "dev",
            })
            .collect();
        Self {
            name: text(&value["name"]).to_owned(),
            version: text(&value["version"]).to_owned(),
            is_ours,
            licence: value["license"].as_str().map(str::to_owned),
            dependencies,
        }
    }
}

fn needed(node: &Value) -> Vec<String> {
    list(&node["deps"])
        .filter(|it| list(&it["dep_kinds"]).any(|kind| kind["kind"].is_null()))
        .map(|it| text(&it["pkg"]).to_owned())
        .collect()
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().expect("cargo metadata keeps its format")
}

fn cargo_metadata() -> Value {
    let version = run(Command::new("rustc").arg("-vV"));
    let version = String::from_utf8(version).expect("rustc speaks UTF-8");
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let output = run(Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform"])
        .arg(host.expect("rustc names its host"))
        .current_dir(crate::tree::root()));
    serde_json::from_slice(&output).expect("cargo metadata is JSON")
}

fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().expect("the toolchain that built this test is there");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}
