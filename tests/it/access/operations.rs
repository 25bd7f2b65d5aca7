//! What the document says can be asked.

use serde_json::Value;

/// One operation of the API.
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) summary: String,
    pub(crate) tag: String,
    pub(crate) method: String,
    pub(crate) path: String,
    /// The document says that it needs no token.
    pub(crate) public: bool,
    pub(crate) takes_body: bool,
    /// The names of the query parameters that must be there.
    pub(crate) required_query: Vec<String>,
    /// Every query parameter, with the words it may say, if only these.
    pub(crate) query: Vec<(String, Vec<String>)>,
}

impl Operation {
    /// The names in the braces of the path.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }
}

/// Every operation, in the order of the document.
pub(crate) fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(api::openapi::document()).expect("it can be written as JSON");
    let paths = document["paths"].as_object().expect("paths");
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().expect("an item");
        methods.iter().map(|(method, operation)| read(&document, method, path, operation)).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

fn read(document: &Value, method: &str, path: &str, operation: &Value) -> Operation {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let required = |wanted: &&Value| wanted["in"] == "query" && wanted["required"] == true;
    Operation {
        id: text(&operation["operationId"]),
        summary: text(&operation["summary"]),
        tag: text(&operation["tags"][0]),
        method: method.to_uppercase(),
        path: path.to_owned(),
        public: operation["security"] == serde_json::json!([{}]),
        takes_body: operation["requestBody"].is_object(),
        query: parameters.iter().filter(|found| found["in"] == "query").map(|found| query(document, found)).collect(),
        required_query: parameters.iter().filter(required).map(|found| text(&found["name"])).collect(),
    }
}

fn query(document: &Value, parameter: &Value) -> (String, Vec<String>) {
    let (name, mut schema) = (parameter["name"].as_str().unwrap_or_default().to_owned(), &parameter["schema"]);
    if let Some(path) = schema["$ref"].as_str() {
        schema = document.pointer(path.trim_start_matches('#')).expect("a schema");
    }
    let words = schema["enum"].as_array().into_iter().flatten();
    (name, words.filter_map(|word| word.as_str().map(ToOwned::to_owned)).collect())
}
