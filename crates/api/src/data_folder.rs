//! The data folder: where the embedded database and the keys are, made at the first start.

use std::{fs, path::Path};

use store::{
    Engine, MasterKeys, Options, SealError, Store, StoreError,
    migrate::{self, State},
};

use crate::config::Config;

const MASTER_KEYS: &str = "master.keys";

const PASSES_ROW_SECURITY: &str = "the database role is a superuser or has BYPASSRLS, so that row-level security, the second \
                                   wall between practices, does not hold; use an ordinary role";

/// The store, ready to work, and what had to be made for it.
pub struct Opened {
    /// The store, its schema up to date.
    pub store: Store,
    /// What was made, in words for the one who started it.
    pub made: Vec<String>,
    /// What they had better change.
    pub warnings: Vec<String>,
}

/// Opens the database that the configuration names, brings its schema up to date, and makes what is missing.
///
/// # Errors
/// If the folder, the keys or the database can't be opened or made.
pub fn open(config: &Config) -> Result<Opened, StoreError> {
    let mut made = Vec::new();
    if !config.data.is_dir() {
        make_private(&config.data)?;
        made.push(format!("the data folder {}", config.data.display()));
    }
    let url = config.database_url.expose().to_owned();
    let migrations = migrate::migrate(&url)?;
    if !migrations.is_empty() {
        let database = if Engine::of(&url) == Engine::Sqlite { "embedded SQLite" } else { "PostgreSQL" };
        made.push(format!("the tables of the {database} database ({} migrations)", migrations.len()));
    }
    let state = migrate::inspect(&url)?;
    let master_keys = master_keys(config, state, &mut made)?;
    let path = config.data.join(MASTER_KEYS);
    let in_file = config.master_key.is_none();
    let reload = move || in_file.then(|| MasterKeys::load_or_make(&path).ok()).flatten().map(|(keys, _)| keys);
    let store = Store::open(Options { url, master_keys, reload_master_keys: Box::new(reload) })?;
    let passes = state.passes_row_security.then(|| PASSES_ROW_SECURITY.to_owned());
    Ok(Opened { store, made, warnings: passes.into_iter().collect() })
}

/// Puts a new master key in front of those in the data folder. Answers whether they are there: who brings them in the
/// configuration puts a new one in front there.
///
/// # Errors
/// If the file can't be read or replaced.
pub fn rotate_master_key(config: &Config) -> Result<bool, StoreError> {
    let path = config.data.join(MASTER_KEYS);
    if config.master_key.is_some() || !path.exists() {
        return Ok(false);
    }
    MasterKeys::load_or_make(&path)?.0.rotate(&path)?;
    Ok(true)
}

fn master_keys(config: &Config, state: State, made: &mut Vec<String>) -> Result<MasterKeys, StoreError> {
    if let Some(keys) = &config.master_key {
        return Ok(MasterKeys::parse(keys.expose())?);
    }
    let path = config.data.join(MASTER_KEYS);
    if state.holds_practices && !path.exists() {
        return Err(SealError::MasterKeyMissing.into());
    }
    let (keys, is_new) = MasterKeys::load_or_make(&path)?;
    if is_new {
        made.push(format!(
            "the master key {}: keep a copy of it elsewhere, nothing can be read without it",
            path.display()
        ));
    }
    Ok(keys)
}

fn make_private(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|source| StoreError::File { path: folder.to_owned(), source })
}
