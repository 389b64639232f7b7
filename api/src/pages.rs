//! The pages of the codes: what an error means and what to do about it.

use actix_web::HttpResponse;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Path;

use crate::problem::{Code, Problem, Reader};

/// The page of a code of these doors or of the language, in any case.
pub(crate) async fn error(code: Path<String>) -> HttpResponse {
    match page(&code) {
        Some(text) => HttpResponse::Ok()
            .insert_header((CONTENT_TYPE, "text/markdown; charset=utf-8"))
            .body(text),
        None => Problem::new(Code::NotFound, "there is no such code").response(Reader::Plain),
    }
}

fn page(word: &str) -> Option<String> {
    let own = Code::ALL.into_iter().find(|code| code.word().eq_ignore_ascii_case(word));
    match own {
        Some(code) => Some(format!("# {}: {}\n\n{}\n", code.word(), code.title(), code.remedy())),
        None => dsl::diagnostic::explain(word).map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_page() {
        for code in Code::ALL {
            let page = page(&code.word().to_lowercase()).unwrap();
            assert!(page.starts_with(&format!("# {}: ", code.word())), "{page}");
        }
        assert!(page("J0105").is_some());
        assert_eq!(page("J9999"), None);
    }
}
