//! The query: parameters read strictly, and lists a page at a time.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder, dev::Payload};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::shape::{Fault, is_plain};
use crate::problem::{Code, FieldError, Place, Problem, from_validation};

const DEFAULT_LIMIT: u32 = 25;
const MAX_LIMIT: u32 = 100;

/// Query parameters within their limits. Give the type `deny_unknown_fields`: a misspelt filter must not be ignored.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request.query_string()).map(Self))
    }
}

/// What a list is asked for: a page, and which items (`T`, a type with `deny_unknown_fields` and no `limit` or `cursor`).
#[derive(Debug)]
pub struct Listing<T = NoFilter> {
    /// Which page.
    pub page: Page,
    /// Which items.
    pub filter: T,
}

/// A list without filters.
#[derive(Debug, Clone, Copy, Default, Deserialize, Validate)]
#[serde(deny_unknown_fields)]
pub struct NoFilter {}

impl<T: DeserializeOwned + Validate + 'static> FromRequest for Listing<T> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let (paging, filters): (Vec<&str>, Vec<&str>) = request
            .query_string()
            .split('&')
            .partition(|pair| pair.starts_with("limit=") || pair.starts_with("cursor="));
        let page = || Page::from_parameters(&read(&paging.join("&"))?);
        ready(page().and_then(|page| Ok(Self { page, filter: read(&filters.join("&"))? })))
    }
}

/// How lists are paged.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageParameters {
    /// How many items at most; more than 100 is taken as 100.
    #[param(minimum = 1, maximum = 100, default = 25, value_type = i32, required = false, nullable = false)]
    #[validate(range(min = 1))]
    limit: Option<u32>,
    /// Where to go on: the `next_cursor` of the page before. Leave it out for the first page.
    #[param(max_length = 100, required = false, nullable = false)]
    cursor: Option<String>,
}

/// One page of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many items at most.
    pub limit: u32,
    /// After which item; from the start without one.
    pub after: Option<Cursor>,
}

impl Page {
    /// How many rows to read: one more than shown tells whether there is a next page.
    #[must_use]
    pub fn rows(&self) -> i64 {
        i64::from(self.limit) + 1
    }

    /// The same, as the store wants it.
    #[must_use]
    pub fn of_rows(&self) -> store::Page {
        let after = self.after.map(|Cursor { time, id }| (time, id));
        store::Page { after, limit: self.limit.into() }
    }

    fn from_parameters(parameters: &PageParameters) -> Result<Self, Problem> {
        let after = parameters.cursor.as_deref().map(Cursor::decode).transpose()?;
        Ok(Self { limit: parameters.limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT), after })
    }
}

/// A place in a list: the time and id of the last item shown. It carries no authority: what is shown after it depends on the
/// caller, as ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The time that the list is ordered by.
    pub time: DateTime<Utc>,
    /// The id that decides between equal times.
    pub id: Uuid,
}

impl Cursor {
    const VERSION: u8 = 1;
    const LENGTH: usize = 1 + 8 + 16;

    /// The cursor as clients carry it.
    #[must_use]
    pub fn encode(&self) -> String {
        let mut bytes = Vec::with_capacity(Self::LENGTH);
        bytes.push(Self::VERSION);
        bytes.extend_from_slice(&self.time.timestamp_micros().to_be_bytes());
        bytes.extend_from_slice(self.id.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The cursor that a client carried.
    ///
    /// # Errors
    /// 400 if it is none of ours.
    pub fn decode(text: &str) -> Result<Self, Problem> {
        Self::parse(text).ok_or_else(|| Problem::new(Code::InvalidCursor, Code::InvalidCursor.meaning()))
    }

    fn parse(text: &str) -> Option<Self> {
        let bytes: [u8; Self::LENGTH] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (version, rest) = bytes.split_first()?;
        let (time, id) = rest.split_first_chunk()?;
        if *version != Self::VERSION {
            return None;
        }
        Some(Self { time: DateTime::from_timestamp_micros(i64::from_be_bytes(*time))?, id: Uuid::from_slice(id).ok()? })
    }
}

/// One page of a list, as it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paged<V> {
    /// The items of this page.
    #[schema(max_items = 100)]
    pub items: Vec<V>,
    /// Where to go on, or null if this is the last page.
    #[schema(required = true, max_length = 100)]
    pub next_cursor: Option<String>,
}

impl<V> Paged<V> {
    /// The page made from [`Page::rows`] rows, of which the last one is not shown.
    #[must_use]
    pub fn new<R>(mut rows: Vec<R>, page: &Page, place: impl Fn(&R) -> Cursor, view: impl Fn(R) -> V) -> Self {
        let limit = page.limit as usize;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next_cursor = rows.last().filter(|_| more).map(|last| place(last).encode());
        Self { items: rows.into_iter().map(view).collect(), next_cursor }
    }
}

impl<V> Paged<V> {
    /// The page made from what the store found.
    #[must_use]
    pub fn of<R>(found: store::Slice<R>, place: impl Fn(&R) -> Cursor, view: impl Fn(R) -> V) -> Self {
        let next_cursor = found.items.last().filter(|_| found.more).map(|last| place(last).encode());
        Self { items: found.items.into_iter().map(view).collect(), next_cursor }
    }
}

impl<V: Serialize> Responder for Paged<V> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().json(self)
    }
}

fn read<T: DeserializeOwned + Validate>(query: &str) -> Result<T, Problem> {
    let pairs = serde_urlencoded::Deserializer::new(url_pairs(query));
    let value: T = serde_path_to_error::deserialize(pairs).map_err(|error| malformed(&error))?;
    value.validate().map_err(|errors| out_of_limits(from_validation(&errors)))?;
    Ok(value)
}

fn url_pairs(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}

fn malformed(error: &serde_path_to_error::Error<serde_urlencoded::de::Error>) -> Problem {
    let (message, path) = (error.inner().to_string(), error.path().to_string());
    let fault = Fault::of(&message);
    let name = fault.field().unwrap_or(if is_plain(&path) { &path } else { "" });
    unreadable(vec![FieldError::query(name, fault.code, fault.detail.clone())])
}

fn out_of_limits(errors: Vec<FieldError>) -> Problem {
    let in_query = |error: FieldError| FieldError {
        pointer: error.pointer.trim_start_matches('/').to_owned(),
        r#in: Place::Query,
        ..error
    };
    unreadable(errors.into_iter().map(in_query).collect())
}

fn unreadable(errors: Vec<FieldError>) -> Problem {
    Problem::new(Code::MalformedParameter, "the query can't be read; see errors").with_errors(errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(query: &str) -> Result<Page, Problem> {
        read(query).and_then(|parameters| Page::from_parameters(&parameters))
    }

    #[test]
    fn a_cursor_comes_back_as_it_went_out_and_nothing_else_is_one() {
        let time = DateTime::from_timestamp_micros(1_700_000_000_123_456).unwrap();
        let cursor = Cursor { time, id: Uuid::from_u128(7) };
        let text = cursor.encode();
        assert_eq!(Cursor::decode(&text).unwrap(), cursor);
        for other in ["", "x", "AAAA", &text[1..], &format!("{text}A"), &text.replacen("AQ", "Ag", 1)] {
            assert_eq!(Cursor::decode(other).unwrap_err().code(), Code::InvalidCursor, "{other}");
        }
    }

    #[test]
    fn a_page_too_large_is_cut_and_an_impossible_one_refused() {
        assert_eq!(page("").unwrap().limit, 25);
        assert_eq!(page("limit=100000").unwrap().limit, 100);
        for (query, code) in [("limit=0", "range"), ("limit=x", "malformed"), ("limit=1&limit=2", "duplicate-field")] {
            let problem = page(query).unwrap_err();
            let error = &problem.errors()[0];
            assert_eq!((error.pointer.as_str(), error.code.as_ref(), error.r#in), ("limit", code, Place::Query));
        }
    }

    #[test]
    fn the_row_too_many_becomes_the_next_cursor() {
        let place = |n: &u32| Cursor { time: DateTime::UNIX_EPOCH, id: Uuid::from_u128(u128::from(*n)) };
        let page = Page { limit: 2, after: None };
        let first = Paged::new(vec![1, 2, 3], &page, place, |n| n);
        assert_eq!((first.items.as_slice(), first.next_cursor), ([1, 2].as_slice(), Some(place(&2).encode())));
        assert_eq!(Paged::new(vec![3, 4], &page, place, |n| n).next_cursor, None);
    }
}
