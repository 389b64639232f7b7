//! Which files are read, under which names, and which are not.

use super::*;

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let place = folder.path().join(path);
        fs::create_dir_all(place.parent().unwrap()).unwrap();
        fs::write(place, text).unwrap();
    }
    folder
}

#[test]
fn a_folder_is_read_in_order_without_what_is_hidden() {
    let folder = folder(&[
        ("b.journey", "# b"),
        ("a/c.journey", "# c"),
        (".git/d.journey", "# d"),
        ("readme.md", "# e"),
    ]);
    let files = Files::read(folder.path()).unwrap();
    assert_eq!(files.inner_paths, ["a/c.journey", "b.journey"]);
    assert_eq!(files.sources[1].text, "# b");
    assert!(files.sources[1].path.ends_with("/b.journey"));
}

#[test]
fn a_file_is_read_alone() {
    let folder = folder(&[("a.journey", "file \"m.html\""), ("b.journey", ""), ("m.html", "hi")]);
    let files = Files::read(&folder.path().join("a.journey")).unwrap();
    assert_eq!(files.inner_paths, ["a.journey"]);
    assert_eq!(files.others, BTreeMap::from([("m.html".to_owned(), "hi".to_owned())]));
}

#[test]
fn references_are_looked_up_beside_the_file_and_then_at_the_root() {
    let folder = folder(&[
        ("a/a.journey", "file \"near.html\" file \"b/far.html\" file \"gone.html\""),
        ("a/near.html", "near"),
        ("near.html", "not this one"),
        ("b/far.html", "far"),
    ]);
    let files = Files::read(folder.path()).unwrap();
    let found: Vec<(&str, &str)> =
        files.others.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
    assert_eq!(found, [("b/far.html", "far"), ("near.html", "near")]);
}

#[test]
fn references_never_leave_the_folder() {
    let outer = folder(&[("secret.txt", "secret"), ("in/a.journey", "")]);
    let absolute = outer.path().join("secret.txt").display().to_string();
    let text = format!("file \"../secret.txt\" file \"{absolute}\"");
    fs::write(outer.path().join("in/a.journey"), text).unwrap();
    assert!(Files::read(&outer.path().join("in")).unwrap().others.is_empty());
}

#[test]
fn one_name_for_two_files_is_refused() {
    let folder = folder(&[
        ("a/a.journey", "file \"m.html\""),
        ("a/m.html", "one"),
        ("b/b.journey", "file \"m.html\""),
        ("b/m.html", "two"),
    ]);
    let failure = Files::read(folder.path()).expect_err("it is refused");
    assert!(failure.to_string().contains("`file \"m.html\"` means"), "{failure}");
}

#[test]
fn what_is_not_there_is_said() {
    let folder = folder(&[("readme.md", "")]);
    let empty = Files::read(folder.path()).expect_err("no file");
    assert!(empty.to_string().starts_with("there is no `.journey` file"), "{empty}");
    let missing = Files::read(&folder.path().join("a.journey")).expect_err("no file");
    assert!(missing.to_string().starts_with("cannot read"), "{missing}");
    fs::write(folder.path().join("a.journey"), [0xff_u8, 0xfe]).unwrap();
    let binary = Files::read(folder.path()).expect_err("no text");
    assert!(binary.to_string().ends_with("it is not text in UTF-8"), "{binary}");
}

#[test]
fn the_catalog_beside_the_files_tells_what_exists_elsewhere() {
    let folder = folder(&[
        ("a.journey", "segment \"A\" = in segment \"Employees\""),
        ("sojourn.catalog.json", "{ \"segments\": [\"Employees\"] }"),
    ]);
    let files = Files::read(&folder.path().join("a.journey")).unwrap();
    assert_eq!(files.compile().diagnostics, []);
    fs::write(folder.path().join("sojourn.catalog.json"), "{ \"segmets\": [] }").unwrap();
    let broken = Files::read(folder.path()).expect_err("a broken catalog");
    assert!(broken.to_string().contains("a catalog has no `segmets`"), "{broken}");
}
