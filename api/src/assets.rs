//! The console and GraphiQL, as files inside the binary: the pages need no outside host.

use actix_web::HttpResponse;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::web::Path;

use crate::problem::{Code, Problem, Reader};

macro_rules! files {
    ($($path:literal)*) => {
        /// Files by their path below `/console/`.
        const FILES: &[(&str, &[u8])] =
            &[$(($path, include_bytes!(concat!("../console/", $path))),)*];
    };
}

files! {
    "index.html"
    "console.css"
    "console.js"
    "api.js"
    "highlight.js"
    "page.js"
    "queries.js"
    "view-campaigns.js"
    "view-deliveries.js"
    "view-inbox.js"
    "view-people.js"
    "graphiql/index.html"
    "graphiql/page.css"
    "graphiql/page.js"
    "graphiql/graphiql.min.css"
    "graphiql/graphiql.min.js"
    "graphiql/react.production.min.js"
    "graphiql/react-dom.production.min.js"
    "graphiql/LICENSE.graphiql.txt"
    "graphiql/LICENSE.react.txt"
    "graphiql/LICENSE.react-dom.txt"
}

/// The first page.
pub(crate) async fn console() -> HttpResponse {
    file("index.html")
}

/// GraphiQL.
pub(crate) async fn graphiql() -> HttpResponse {
    file("graphiql/index.html")
}

/// What the pages load.
pub(crate) async fn part(path: Path<String>) -> HttpResponse {
    file(&path)
}

fn file(path: &str) -> HttpResponse {
    let Some((_, bytes)) = FILES.iter().find(|(known, _)| *known == path) else {
        return Problem::new(Code::NotFound, "there is no such page").response(Reader::Plain);
    };
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, content_type(path)))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        // What the pages may load stands in the pages; who may frame them can only stand here.
        .insert_header((CONTENT_SECURITY_POLICY, "frame-ancestors 'none'"))
        .body(*bytes)
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "text/plain; charset=utf-8",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_file_of_the_console_is_embedded() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("console");
        let mut there = BTreeSet::new();
        for folder in [root.clone(), root.join("graphiql")] {
            for entry in std::fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_file() && path.extension().is_none_or(|ending| ending != "md") {
                    there.insert(path.strip_prefix(&root).unwrap().display().to_string());
                }
            }
        }
        let embedded: BTreeSet<String> = FILES.iter().map(|(path, _)| (*path).to_owned()).collect();
        assert_eq!(embedded, there);
    }
}
