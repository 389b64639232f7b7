//! What a person sees at a terminal, by a pseudo-terminal of this system.

use std::fs::File;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::process::{Child, Stdio};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::sojourn::Place;

const FILES: usize = 1_000;
/// Clears the line it stands on.
const CLEAR_LINE: &str = "\u{1b}[2K";

/// Runs a command whose stdout and stderr are a terminal; answers its exit code and all that was
/// written there.
fn watched(place: &Place, arguments: &[&str]) -> (i32, String) {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    let size = Winsize { ws_row: 24, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&terminal, size).unwrap();
    let mut child = spawn(place, arguments, &terminal);
    let mut seen = Vec::new();
    let mut screen = File::from(terminal);
    let mut part = [0; 4096];
    // Reading fails once nobody has the other end open any more.
    while let Ok(count @ 1..) = screen.read(&mut part) {
        seen.extend(part.iter().take(count));
    }
    let code = child.wait().unwrap().code().unwrap();
    (code, String::from_utf8(seen).unwrap().replace("\r\n", "\n"))
}

fn spawn(place: &Place, arguments: &[&str], terminal: &OwnedFd) -> Child {
    let name = ptsname(terminal, Vec::new()).unwrap();
    let end = File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    place
        .command(arguments)
        .env("TERM", "xterm-256color")
        .stdin(Stdio::null())
        .stdout(end.try_clone().unwrap())
        .stderr(end)
        .spawn()
        .unwrap()
}

/// Many files that take long enough to be wondered about.
fn many() -> Place {
    let text = |number: usize| {
        let segments = (0..2).map(|part| {
            format!(
                "segment \"{number} {part}\" = customer.plan == \"pro\" and customer.a > {part}\n"
            )
        });
        segments.collect::<String>()
    };
    let files: Vec<(String, String)> =
        (0..FILES).map(|number| (format!("all/{number}.journey"), text(number))).collect();
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    Place::new(&files)
}

#[test]
fn long_commands_say_how_far_they_are_and_leave_nothing_behind() {
    let place = many();
    for (command, doing, last) in [
        ("check", "checking 1000 files", "1000 files, no problems\n"),
        ("fmt", "formatting", "formatted 0 files, 1000 fine already\n"),
        ("test", "testing 1000 files", "there is no test here"),
    ] {
        let (code, seen) = watched(&place, &[command, "all"]);
        assert_eq!(code, 0, "{seen}");
        assert!(seen.contains(doing), "no progress of {command}: {seen:?}");
        let (before, after) = seen.rsplit_once(CLEAR_LINE).expect("the line is cleared");
        assert!(after.contains(last) && !after.contains(doing), "{after:?}");
        assert!(!before.contains(last), "{before:?}");
        let piped = place.run(&[command, "all"]);
        assert!(!piped.err.contains(doing), "progress in a pipe: {}", piped.err);
    }
}

#[test]
fn what_is_quick_needs_no_progress() {
    let place = Place::new(&[("a.journey", "# fine\n")]);
    for command in ["check", "fmt"] {
        let (code, seen) = watched(&place, &[command, "a.journey"]);
        assert_eq!((code, seen.contains('\u{1b}')), (0, false), "{seen:?}");
    }
}

#[test]
fn colours_are_for_people_who_want_them() {
    let files = [("a.journey", "segment \"A\" = customer.plan = \"pro\"   \n")];
    let place = Place::new(&files);
    let (_, problems) = watched(&place, &["check", "a.journey"]);
    assert!(problems.contains('\u{1b}'), "{problems:?}");
    let (_, page) = watched(&place, &["explain", "J0105"]);
    assert!(page.starts_with("\u{1b}[1mJ0105: "), "{page:?}");
    assert!(!page.contains("```"), "{page:?}");
    let place = Place::new(&files).set("NO_COLOR", "1");
    for arguments in [&["check", "a.journey"][..], &["explain", "J0105"], &["explain"]] {
        let (_, plain) = watched(&place, arguments);
        assert!(!plain.contains('\u{1b}'), "{plain:?}");
    }
}
