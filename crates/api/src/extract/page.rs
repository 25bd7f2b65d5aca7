//! The query: parameters read strictly, and lists a page at a time.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder, dev::Payload};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use store::{Page, Slice};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use validator::Validate;

use super::shape::{Fault, is_day_out_of_range, is_plain};
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

/// Query parameters of two types, each with `deny_unknown_fields`: what `P` names is `P`'s, and all else must be `T`'s.
#[derive(Debug)]
pub struct Queries<P, T>(pub P, pub T);

impl<P, T> FromRequest for Queries<P, T>
where
    P: DeserializeOwned + Validate + IntoParams + 'static,
    T: DeserializeOwned + Validate + 'static,
{
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read_both(request.query_string()).map(|(first, second)| Self(first, second)))
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
        let both = read_both::<PageParameters, T>(request.query_string());
        ready(both.and_then(|(page, filter)| Ok(Self { page: page_of(&page)?, filter })))
    }
}

/// How lists are paged.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageParameters {
    /// How many items at most; more than 100 is taken as 100.
    #[param(minimum = 1, default = 25, value_type = i32, required = false, nullable = false)]
    #[validate(range(min = 1))]
    limit: Option<u32>,
    /// Where to go on: the `next_cursor` of the page before. Leave it out for the first page.
    #[param(max_length = 100, required = false, nullable = false)]
    cursor: Option<String>,
}

fn page_of(parameters: &PageParameters) -> Result<Page, Problem> {
    let after = parameters.cursor.as_deref().map(Cursor::decode).transpose()?;
    let after = after.map(|Cursor { time, id }| (time, id));
    Ok(Page { limit: parameters.limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT).into(), after })
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
    /// The page as it is shown: each item's view, and the place of the last one if there are more.
    #[must_use]
    pub fn of<T>(slice: Slice<T>, place: impl Fn(&T) -> (DateTime<Utc>, Uuid), view: impl Fn(T) -> V) -> Self {
        let last = slice.items.last().filter(|_| slice.more).map(place);
        let next_cursor = last.map(|(time, id)| Cursor { time, id }.encode());
        Self { items: slice.items.into_iter().map(view).collect(), next_cursor }
    }
}

impl<V: Serialize> Responder for Paged<V> {
    type Body = actix_web::body::BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().json(self)
    }
}

fn read<T: DeserializeOwned + Validate>(query: &str) -> Result<T, Problem> {
    if let Some((name, _)) = url_pairs(query).find(|(_, value)| is_day_out_of_range(value)) {
        let name = if is_plain(&name) { &name } else { "" };
        return Err(unreadable(vec![FieldError::query(name, "range", "must be a day of the years 1900 to 2200")]));
    }
    let pairs = serde_urlencoded::Deserializer::new(url_pairs(query));
    let value: T = serde_path_to_error::deserialize(pairs).map_err(|error| malformed(&error))?;
    value.validate().map_err(|errors| out_of_limits(from_validation(&errors)))?;
    Ok(value)
}

/// The parameters that `P` names, and the others.
fn read_both<P, T>(query: &str) -> Result<(P, T), Problem>
where
    P: DeserializeOwned + Validate + IntoParams,
    T: DeserializeOwned + Validate,
{
    let named = P::into_params(|| None);
    let is_named = |pair: &&str| {
        let (name, _) = pair.split_once('=').unwrap_or((pair, ""));
        named.iter().any(|parameter| parameter.name == name)
    };
    let (first, second): (Vec<&str>, Vec<&str>) = query.split('&').partition(is_named);
    Ok((read(&first.join("&"))?, read(&second.join("&"))?))
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
        read(query).and_then(|parameters| page_of(&parameters))
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
    fn each_of_two_types_has_its_own_parameters_and_nothing_is_left_over() {
        #[derive(Debug, Deserialize, Validate)]
        #[serde(deny_unknown_fields)]
        struct Filter {
            word: String,
        }
        let both = |query: &str| read_both::<PageParameters, Filter>(query);
        let (page, filter) = both("word=limit&limit=7").unwrap();
        assert_eq!((page.limit, filter.word.as_str()), (Some(7), "limit"));
        for (query, pointer) in [("word=a&limits=7", "limits"), ("limit=x&word=a", "limit"), ("limit=7", "word")] {
            assert_eq!(both(query).unwrap_err().errors()[0].pointer, pointer, "{query}");
        }
    }

    #[test]
    fn a_page_with_more_behind_it_says_where_to_go_on() {
        let place = |n: &u32| (DateTime::UNIX_EPOCH, Uuid::from_u128(u128::from(*n)));
        let first = Paged::of(Slice { items: vec![1, 2], more: true }, place, |n| n);
        let (time, id) = place(&2);
        assert_eq!(
            (first.items.as_slice(), first.next_cursor),
            ([1, 2].as_slice(), Some(Cursor { time, id }.encode()))
        );
        assert_eq!(Paged::of(Slice { items: vec![3, 4], more: false }, place, |n| n).next_cursor, None);
    }
}
