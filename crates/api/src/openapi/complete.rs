//! What holds for every operation, added to the document in one place: the problems it may answer with, the header that every
//! answer has, the ids in the spelling of client libraries; and an example of each kind of entry.

use domain::exercises::{Answers, Kind};
use utoipa::{
    ToSchema,
    openapi::{
        Components, Content, Header, Object, OpenApi, Ref, RefOr, Response, Schema, Type,
        path::{Operation, PathItem},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

use crate::problem::{Code, MEDIA_TYPE};

/// The name of the security scheme, as routes give it: `security(("bearer" = []))`.
const BEARER: &str = "bearer";

pub(super) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_with(Components::new);
    components.security_schemes.insert(BEARER.to_owned(), bearer().into());
    components.headers.insert("X-Request-Id".to_owned(), RefOr::T(request_id_header()));
    components.schemas.extend(forms());
    Kind::ALL.iter().for_each(|kind| show_example(components, *kind));
    for (status, response) in problem_responses() {
        components.responses.insert(problem_name(status), response.into());
    }
    for (path, item) in &mut document.paths.paths {
        let has_parameters = path.contains('{');
        operations(item).for_each(|(is_patch, operation)| complete_operation(operation, has_parameters, is_patch));
    }
}

/// The forms and their parts, as they are worded for whoever draws them: views show some of these parts too, without their words.
fn forms() -> Vec<(String, RefOr<Schema>)> {
    let mut forms = Vec::new();
    Answers::schemas(&mut forms);
    forms
}

/// Each kind of entry is shown filled in.
fn show_example(components: &mut Components, kind: Kind) {
    if let Some(RefOr::T(Schema::Object(schema))) = components.schemas.get_mut(&kind.component()) {
        schema.examples.extend(serde_json::to_value(kind.example()));
    }
}

fn bearer() -> SecurityScheme {
    let description =
        "An access token from sign-in: a short-lived JWT (RFC9068), signed by EdDSA and checked as in RFC8725.";
    let http = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").description(Some(description));
    SecurityScheme::Http(http.build())
}

fn request_id_header() -> Header {
    let text = Object::builder().schema_type(Type::String).min_length(Some(8)).max_length(Some(64));
    let mut header = Header::new(text.pattern(Some("^[A-Za-z0-9-]{8,64}$")).build());
    header.description = Some("The id of the request; support finds what happened by it".to_owned());
    header
}

/// One response for each status, explaining the codes it may come with.
fn problem_responses() -> Vec<(u16, Response)> {
    let mut statuses: Vec<u16> = Code::ALL.iter().map(|code| code.status().as_u16()).collect();
    statuses.dedup();
    statuses.into_iter().map(|status| (status, problem_response(status))).collect()
}

fn problem_response(status: u16) -> Response {
    let codes = Code::ALL.iter().filter(|code| code.status().as_u16() == status);
    let words: Vec<String> = codes.map(|code| format!("`{}`: {}", code.as_str(), code.meaning())).collect();
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    let response = Response::builder().description(words.join(" ")).content(MEDIA_TYPE, content);
    with_request_id(response.build())
}

fn with_request_id(mut response: Response) -> Response {
    let header = Ref::new("#/components/headers/X-Request-Id");
    response.headers.insert("X-Request-Id".to_owned(), RefOr::Ref(header));
    response
}

fn problem_name(status: u16) -> String {
    format!("Problem{status}")
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (bool, &mut Operation)> {
    let PathItem { get, put, post, patch, delete, .. } = item;
    let others = [get, put, post, delete].into_iter().flatten().map(|operation| (false, operation));
    others.chain(patch.iter_mut().map(|operation| (true, operation)))
}

fn complete_operation(operation: &mut Operation, has_parameters: bool, is_patch: bool) {
    operation.operation_id = operation.operation_id.as_deref().map(camel_case);
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(shown) = response {
            *shown = with_request_id(std::mem::take(shown));
            if is_problem(status, shown) {
                shown
                    .content
                    .insert(MEDIA_TYPE.to_owned(), Content::new(Some(Ref::from_schema_name("Problem"))).into());
            }
        }
    }
    for status in problems_of(operation, has_parameters) {
        let reference = RefOr::Ref(Ref::from_response_name(problem_name(status)));
        operation.responses.responses.entry(status.to_string()).or_insert(reference);
    }
    if is_patch {
        describe_merge_patch(operation);
    }
}

/// A refusal that the route names itself, because it says more about it than the code does.
fn is_problem(status: &str, response: &Response) -> bool {
    response.content.is_empty() && (status.starts_with('4') || status.starts_with('5'))
}

fn problems_of(operation: &Operation, has_parameters: bool) -> Vec<u16> {
    let mut statuses = vec![400, 429, 500, 503];
    let needs = |requirement: &SecurityRequirement| *requirement != SecurityRequirement::default();
    if operation.security.iter().flatten().any(needs) {
        statuses.extend([401, 403]);
    }
    if has_parameters {
        statuses.push(404);
    }
    if operation.request_body.is_some() {
        statuses.extend([409, 413, 415, 422]);
    }
    if takes_if_match(operation) {
        statuses.extend([412, 428]);
    }
    statuses
}

fn takes_if_match(operation: &Operation) -> bool {
    let mut parameters = operation.parameters.iter().flatten();
    parameters.any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.name == "If-Match"))
}

/// A change is a merge patch. Only one of the two media types it may have is described: a generator of clients in wide use writes
/// code that does not load where one body has two.
fn describe_merge_patch(operation: &mut Operation) {
    if let Some(RefOr::T(body)) = &mut operation.request_body {
        let description = "A JSON merge patch (RFC 7396): what is absent stays as it is. It may also be sent as \
                           application/merge-patch+json.";
        body.description = Some(description.to_owned());
    }
}

/// Handlers are called `verb_noun`; client libraries want `verbNoun`.
fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut id, word| {
        let (head, tail) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        id.push_str(&head.to_uppercase());
        id.push_str(tail);
        id
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_an_id_of_its_own_and_names_its_problems() {
        let mut document = crate::openapi::document();
        let mut ids = Vec::new();
        for item in document.paths.paths.values_mut() {
            for (_, operation) in operations(item) {
                let id = operation.operation_id.clone().unwrap();
                assert!(!id.contains('_') && !ids.contains(&id), "{id}");
                assert!(operation.responses.responses.contains_key("500"), "{id}");
                ids.push(id);
            }
        }
        assert!(ids.contains(&"showMe".to_owned()), "{ids:?}");
    }

    #[test]
    fn every_kind_of_entry_is_shown_filled_in() {
        let document = serde_json::to_value(crate::openapi::document()).unwrap();
        for kind in Kind::ALL {
            let example = &document["components"]["schemas"][kind.component()]["examples"][0];
            assert_eq!(example["type"], kind.as_str());
        }
    }

    #[test]
    fn an_id_is_spelt_for_client_libraries() {
        assert_eq!(camel_case("list_review_queue"), "listReviewQueue");
        assert_eq!(camel_case("show"), "show");
    }
}
