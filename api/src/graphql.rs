//! GraphQL: one file per noun, resolvers that translate, and the way a request goes.

mod activity;
mod call;
mod campaign;
mod delivery;
mod diagnostic;
mod fail;
mod global;
mod journey;
mod mail;
mod node;
mod page;
mod person;
mod rows;
mod segment;
mod source;
mod workspace;

use std::sync::Arc;

use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use async_graphql::{
    EmptySubscription, MergedObject, Request, Response, SDLExportOptions, ServerError,
};
use serde_json::Value;

use crate::app::App;
use crate::auth;
use crate::body;
use crate::problem::{Code, Problem, Reader};
use call::Call;

/// Fields within fields of one query.
const DEPTH_MAX: usize = 20;
/// Fields that one query may ask for, each counted as often as its page is long.
const COMPLEXITY_MAX: usize = 100_000;
const DIRECTIVES_MAX: usize = 10;
/// Bytes of a request; those who may deploy send whole folders.
const BODY_BYTES_MAX: usize = 4 * 1024 * 1024;
const DEPLOY_BODY_BYTES_MAX: usize = 32 * 1024 * 1024;

pub(crate) type Schema = async_graphql::Schema<Query, Mutation, EmptySubscription>;

/// What can be asked.
#[derive(Debug, Default, MergedObject)]
pub(crate) struct Query(
    workspace::WorkspaceQuery,
    person::PersonQuery,
    segment::SegmentQuery,
    campaign::CampaignQuery,
    journey::JourneyQuery,
    delivery::DeliveryQuery,
    mail::MailQuery,
    node::NodeQuery,
);

/// What can be changed.
#[derive(Debug, Default, MergedObject)]
pub(crate) struct Mutation(activity::ActivityMutation, source::SourceMutation);

pub(crate) fn schema() -> Schema {
    Schema::build(Query::default(), Mutation::default(), EmptySubscription)
        .register_output_type::<node::Node>()
        .limit_depth(DEPTH_MAX)
        .limit_complexity(COMPLEXITY_MAX)
        .limit_directives(DIRECTIVES_MAX)
        .finish()
}

/// The schema in GraphQL's own language.
#[must_use]
pub fn schema_sdl() -> String {
    let sdl = schema().sdl_with_options(SDLExportOptions::new());
    format!("{}\n", sdl.trim_end())
}

/// Answers a query or a mutation.
pub(crate) async fn execute(
    app: Data<App>,
    request: HttpRequest,
    payload: Payload,
) -> HttpResponse {
    match answer(app.into_inner(), &request, payload).await {
        Ok(response) => HttpResponse::Ok().json(response),
        Err(problem) => problem.response(Reader::GraphQl),
    }
}

async fn answer(
    app: Arc<App>,
    request: &HttpRequest,
    payload: Payload,
) -> Result<Response, Problem> {
    let secret = auth::secret_in(request.headers())?.ok_or_else(auth::missing)?;
    let key = auth::identify(&app, &secret).await?;
    let max = if key.role.edits() { DEPLOY_BODY_BYTES_MAX } else { BODY_BYTES_MAX };
    let bytes = body::read(request, payload.into_inner(), max).await?;
    let query = read(body::json(&bytes)?)?;
    let shared = app.clone();
    let call = move || Call::new(&shared, &key);
    let schema = app.schema.clone();
    let mut response = app.work(async move { schema.execute(query.data(call())).await }).await?;
    response.errors.iter_mut().for_each(give_code);
    Ok(response)
}

fn read(body: Value) -> Result<Request, Problem> {
    let expected = "expected an object with `query` and perhaps `variables`";
    if !body.is_object() {
        let detail = format!("{expected}, found another kind of JSON");
        return Err(Problem::new(Code::InvalidQuery, detail));
    }
    if body.get("query").is_none() {
        return Err(Problem::new(Code::InvalidQuery, format!("{expected}, found no `query`")));
    }
    serde_json::from_value(body)
        .map_err(|error| Problem::new(Code::InvalidQuery, format!("{expected}: {error}")))
}

/// Errors of the GraphQL machinery itself get a code, too.
fn give_code(error: &mut ServerError) {
    let extensions = error.extensions.get_or_insert_default();
    if extensions.get("code").is_some() {
        return;
    }
    let message = error.message.as_str();
    let code = if message == "Query is too complex." {
        error.message = format!(
            "expected a query of at most {COMPLEXITY_MAX} fields, counting each as often as its page is long; \
             ask for fewer fields or shorter pages"
        );
        Code::LimitReached
    } else if message == "Query is nested too deep."
        || message.starts_with("The recursion depth")
        || message.starts_with("recursion limit")
    {
        error.message = format!("expected a query of at most {DEPTH_MAX} fields within each other");
        Code::LimitReached
    } else {
        // The parser draws a picture of the place, which stands in `locations` already.
        error.message = match message.rsplit_once("\n  = ") {
            Some((_, "expected executable_definition")) => {
                "expected a query, a mutation or a fragment".to_owned()
            }
            Some((_, reason)) => reason.replace('_', " "),
            None => plain(message),
        };
        Code::InvalidQuery
    };
    extensions.set("code", code.word());
}

/// A message of the GraphQL library in the form of all others: what was written in back-ticks,
/// lower case at the beginning, and no full stop.
fn plain(message: &str) -> String {
    let unset =
        message.strip_prefix("Variable ").and_then(|rest| rest.strip_suffix(" is not defined."));
    if let Some(name) = unset.filter(|name| !name.starts_with('"')) {
        return format!("expected a value for the variable `${name}`, found none");
    }
    let message = message.trim_end_matches('.').replace('"', "`");
    let mut rest = message.chars();
    rest.next().map_or_else(String::new, |first| first.to_lowercase().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_the_library_are_plain() {
        assert_eq!(
            plain("Unknown field \"idd\" on type \"Workspace\"."),
            "unknown field `idd` on type `Workspace`"
        );
        assert_eq!(
            plain("Variable n is not defined."),
            "expected a value for the variable `$n`, found none"
        );
        assert_eq!(plain(""), "");
    }
}
